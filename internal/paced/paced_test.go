package paced_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/trueup-ledger/trueup/internal/paced"
)

var limits = paced.Limits{Stall: 5 * time.Second, Rate: 1000, Grace: 10 * time.Second, Total: time.Minute}

func TestASenderMustKeepThePace(t *testing.T) {
	tests := map[string]struct {
		// first bytes are sent at once, and then each bytes after every pause.
		first, each, count int
		pause              time.Duration
		// err is the error after the given time; nil means that all bytes are read.
		err  error
		took time.Duration
	}{
		"a fast sender":                        {1 << 20, 0, 0, 0, nil, 0},
		"a sender at the minimum rate":         {0, 2000, 20, 2 * time.Second, nil, 40 * time.Second},
		"a sender that never sends":            {0, 0, 0, time.Hour, paced.ErrTooSlow, 5 * time.Second},
		"a sender that stalls after the start": {1 << 20, 1, 1, time.Hour, paced.ErrTooSlow, 5 * time.Second},
		"a sender of single bytes":             {0, 1, 1000, time.Second, paced.ErrTooSlow, 10*time.Second + 10*time.Millisecond},
		"a sender that takes too long":         {60_000, 2000, 100, time.Second, paced.ErrTooSlow, time.Minute},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, client := net.Pipe()
				var sender sync.WaitGroup
				sender.Go(func() {
					defer client.Close()
					_, _ = client.Write(make([]byte, test.first))
					for range test.count {
						time.Sleep(test.pause)
						if _, err := client.Write(make([]byte, test.each)); err != nil {
							return
						}
					}
					if test.err != nil {
						time.Sleep(time.Hour)
					}
				})
				setDeadline := func(at time.Time) error {
					if err := server.SetReadDeadline(at); !errors.Is(err, io.ErrClosedPipe) { // the sender is done
						return err
					}
					return nil
				}
				begin := time.Now()
				n, err := io.Copy(io.Discard, paced.NewReader(server, setDeadline, limits))
				if !errors.Is(err, test.err) || time.Since(begin) != test.took {
					t.Errorf("%d bytes and the error %v after %v, want %v after %v", n, err, time.Since(begin), test.err, test.took)
				}
				if want := int64(test.first + test.count*test.each); test.err == nil && n != want {
					t.Errorf("%d bytes, want %d", n, want)
				}
				server.Close()
				sender.Wait()
			})
		})
	}
}

func TestDeadlinesNeedNotBeSupported(t *testing.T) {
	unsupported := func(time.Time) error { return http.ErrNotSupported }
	r := paced.NewReader(io.LimitReader(zeros{}, 10), unsupported, limits)
	if b, err := io.ReadAll(r); len(b) != 10 || err != nil {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	failure := errors.New("closed")
	r = paced.NewReader(zeros{}, func(time.Time) error { return failure }, limits)
	if _, err := r.Read(make([]byte, 1)); !errors.Is(err, failure) {
		t.Errorf("the error is %v", err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }
