package command

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/store"
)

// interruptible is a ledger whose context ends in one of its operations.
type interruptible struct {
	local
	at     string
	cancel context.CancelFunc
}

func (i interruptible) accept(ctx context.Context, f store.NewFile) (batchfile.Accepted, error) {
	if i.at == "accept" {
		i.cancel()
	}
	return i.local.accept(ctx, f)
}

func (i interruptible) preview(ctx context.Context, _ store.NewFile) (preview, error) {
	i.cancel()
	return preview{}, ctx.Err()
}

func (i interruptible) finish(ctx context.Context, f store.File, limit int, progress func(int)) (store.File, error) {
	i.cancel()
	return i.local.finish(ctx, f, limit, progress)
}

func TestInterruptedImportSaysWhetherItGoesOn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		at     string
		dryRun bool
		want   string
	}{
		"a dry run":                   {"preview", true, "interrupted: nothing was changed"},
		"before the file is accepted": {"accept", false, "interrupted before the whole file was accepted: the same command imports the rest"},
		"while the rows are applied":  {"finish", false, "interrupted: " + local{}.goesOn()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target, _ := newTarget(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			target.ledger = interruptible{target.ledger.(local), c.at, cancel}
			command := Import{File: write(t, largeFile()), Decimal: ".", DryRun: c.dryRun}
			err := command.run(ctx, target)
			if err == nil || ctx.Err() == nil {
				t.Fatalf("error is %v, that of the context %v", err, ctx.Err())
			}
			if got := command.interrupted(target, err); got.Error() != c.want {
				t.Errorf("error is %q, want %q", got, c.want)
			}
		})
	}
}

func TestErrorAfterAFileWasAcceptedHasItsID(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodPost {
			_, _ = w.Write([]byte(`{"Status":"QUEUED","QueuedUri":"/Advertisers/sid/FTPFileSubmissions/F-12"}`))
			return
		}
		w.WriteHeader(http.StatusForbidden)
		_, _ = w.Write([]byte(`{"Status":"ERROR","Message":"The token has no scope files:read"}`))
	}))
	t.Cleanup(server.Close)
	c, err := client.New(client.Options{BaseURL: server.URL, SID: "sid", Token: "token"})
	if err != nil {
		t.Fatal(err)
	}
	_, err = remote{c}.accept(t.Context(), store.NewFile{Name: "file.csv", Content: []byte(largeFile())})
	if response := (*client.Error)(nil); !errors.As(err, &response) || !strings.HasPrefix(err.Error(), "F-12 was accepted, and its outcome is unknown: ") {
		t.Errorf("error is %v", err)
	}
}
