package httpapi_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/parquet-go/parquet-go"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/export"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
)

func TestSection22ExportsAreFilteredLikeLists(t *testing.T) {
	s := serve(t)
	first := s.order(t, "EXPORT-1")
	s.order(t, "EXPORT-2")
	s.exchangeAll(t, map[string]exchange{
		"the actions of an order": {
			path: "/Exports/Actions?Oid=EXPORT-1", has: []string{"Id,CampaignId,", "\n" + first + ",1000,"}, hasNot: []string{"EXPORT-2", "Uri"},
			wantHeader: map[string]string{"Content-Type": "text/csv", "Content-Disposition": "attachment; filename=actions.csv", "Cache-Control": "no-store"},
		},
		"the items of an action":   {path: "/Exports/Items?ActionId=" + first, has: []string{"ActionId,", ",LANTERN,", ",WICK,", ",19.27,"}},
		"an item":                  {path: "/Exports/Items?Sku=WICK&ActionId=" + first, has: []string{",WICK,"}, hasNot: []string{",LANTERN,"}},
		"updates as JSON lines":    {path: "/Exports/Updates?ResultFormat=jsonl&Oid=EXPORT-2", has: []string{`"Sku":"WICK"`, `"DeltaAmount":"2.72"`, `"Quantity":1`, `"AdId":null`}, wantHeader: map[string]string{"Content-Type": "application/x-ndjson"}},
		"payouts of a campaign":    {path: "/Exports/Payouts?CampaignId=1000", has: []string{"Month,MediaPartnerId,MediaPartnerName,Currency,State,Actions,Amount,Payout,ClientCost,AdjustmentAmount,AdjustmentPayout,Bonus\n2"}},
		"adjustments":              {path: "/Exports/Adjustments?MediaPartnerId=10001", has: []string{"Id,ActionId,CampaignId,MediaPartnerId,Sku,Quantity,"}, hasNot: []string{"Uri"}},
		"nothing":                  {path: "/Exports/Payouts?Oid=none", has: []string{"Month,"}, hasNot: []string{"\n2"}},
		"an open range":            {path: "/Exports/Actions?StartDate=2020-01-01", has: []string{"EXPORT-1", "EXPORT-2"}},
		"the Accept header of CSV": {path: "/Exports/Actions", header: map[string]string{"Accept": "text/csv"}, has: []string{"Id,"}},
		"a HEAD has no body":       {method: http.MethodHead, path: "/Exports/Actions", wantHeader: map[string]string{"Content-Type": "text/csv"}},
		"an unknown format":        {path: "/Exports/Actions?ResultFormat=xlsx", status: http.StatusBadRequest, has: []string{"ResultFormat", "Must be one of CSV, JSONL, PARQUET"}},
		"an unknown resource":      {path: "/Exports/Action", status: http.StatusNotFound, has: []string{"/Exports/Actions"}},
		"an end before the start":  {path: "/Exports/Actions?StartDate=2026-01-02&EndDate=2026-01-01", status: http.StatusBadRequest, has: []string{"EndDate"}},
		"ignored page parameters":  {path: "/Exports/Actions?Page=2", has: []string{"EXPORT-1"}, wantHeader: map[string]string{"Trueup-Ignored-Parameters": "Page"}},
		"a write to an export":     {method: http.MethodPut, path: "/Exports/Actions", status: http.StatusMethodNotAllowed},
	})
}

func TestSection22ExportsHaveWhatTheListsHave(t *testing.T) {
	s := serve(t)
	s.order(t, "EXPORT-1")
	var list struct{ Actions []map[string]any }
	s.read(t, "/Actions?Oid=EXPORT-1", &list)
	rows, err := csv.NewReader(strings.NewReader(s.exchange(t, exchange{path: "/Exports/Actions?Oid=EXPORT-1"}))).ReadAll()
	if err != nil || len(rows) != 2 {
		t.Fatalf("%q (%v)", rows, err)
	}
	var line map[string]any
	if err := json.Unmarshal([]byte(s.exchange(t, exchange{path: "/Exports/Actions?Oid=EXPORT-1&ResultFormat=JSONL"})), &line); err != nil {
		t.Fatal(err)
	}
	file := []byte(s.exchange(t, exchange{path: "/Exports/Actions?Oid=EXPORT-1&ResultFormat=PARQUET"}))
	opened, err := parquet.OpenFile(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var inParquet []string
	for _, c := range opened.Schema().Columns() {
		inParquet = append(inParquet, c[0])
	}
	var names []string
	for name := range list.Actions[0] {
		if !strings.HasSuffix(name, "Uri") {
			names = append(names, name)
		}
	}
	names = append(names, "OriginalAmount", "OriginalCurrency", "ExchangeRate") // which an order in the account's currency lacks
	slices.Sort(names)
	if !slices.Equal(inParquet, rows[0]) || len(line) != len(names) || opened.NumRows() != 1 {
		t.Errorf("the columns are %q, %q and %v; %d rows", rows[0], inParquet, line, opened.NumRows())
	}
	sorted := slices.Sorted(slices.Values(rows[0]))
	if !slices.Equal(sorted, names) {
		t.Errorf("the columns are %q, those of the list %q", sorted, names)
	}
}

func TestSection22ExportsNeedTheScopeOfTheirList(t *testing.T) {
	s := serve(t)
	updates := s.as(t, store.TokenRequest{Account: demo.Account, Scopes: []string{"updates:read"}}, nil)
	updates.exchangeAll(t, map[string]exchange{
		"updates": {path: "/Exports/Updates"},
		"actions": {path: "/Exports/Actions", status: http.StatusForbidden, has: []string{"actions:read"}},
		"payouts": {path: "/Exports/Payouts", status: http.StatusForbidden, has: []string{"actions:read"}},
	})
	actions := s.as(t, store.TokenRequest{Account: demo.Account, Scopes: []string{"actions:read"}}, nil)
	actions.exchangeAll(t, map[string]exchange{
		"actions": {path: "/Exports/Actions"},
		"bonuses": {path: "/Exports/Payouts", status: http.StatusForbidden, has: []string{"invoices:read"}},
	})
	both := s.as(t, store.TokenRequest{Account: demo.Account, Scopes: []string{"actions:read", "invoices:read"}}, nil)
	both.exchangeAll(t, map[string]exchange{"payouts": {path: "/Exports/Payouts"}})
}

// exporter is a store whose exports have the same action over and over, then an error, or end
// with their context.
type exporter struct {
	store.ExportReader
	// actions is the number of actions before the error.
	actions int
	// ended is closed when the export ends.
	ended chan struct{}
}

func (e exporter) Export(ctx context.Context, _ int64, f func(store.ExportReader) error) error {
	if e.ended != nil {
		defer close(e.ended)
	}
	return f(endlessReader{exporter: e, ctx: ctx})
}

type endlessReader struct {
	exporter
	ctx context.Context
}

// noStatements are those of an account without invoices.
type noStatements struct{ store.StatementReader }

func (noStatements) Settlements(int64, time.Time) (invoice.Settlements, error) { return nil, nil }

func (endlessReader) Statements() store.StatementReader { return noStatements{} }

func (r endlessReader) ExportActions(search.ActionFilter, bool) iter.Seq2[ledger.Action, error] {
	return func(yield func(ledger.Action, error) bool) {
		for range r.actions {
			if r.ctx.Err() != nil {
				yield(ledger.Action{}, context.Cause(r.ctx))
				return
			}
			if !yield(wiretest.Action(), nil) {
				return
			}
		}
		yield(ledger.Action{}, storetest.Unavailable("the store is gone"))
	}
}

func TestSection22AFailureOfAnExportIsVisible(t *testing.T) {
	s := serve(t)
	server := httptest.NewServer(s.api)
	defer server.Close()
	for name, c := range map[string]struct {
		format          string
		actions, status int
		broken          bool
	}{
		"CSV before the first chunk":  {"CSV", 3, http.StatusServiceUnavailable, false},
		"CSV after it":                {"CSV", 1_000, http.StatusOK, true},
		"JSON lines after it":         {"JSONL", 1_000, http.StatusOK, true},
		"Parquet after the first one": {"PARQUET", 60_000, http.StatusOK, true},
	} {
		t.Run(name, func(t *testing.T) {
			s.store.Exports = exporter{actions: c.actions}
			r := s.request(http.MethodGet, "/Exports/Actions?ResultFormat="+c.format, "", "")
			r.RequestURI, r.URL.Scheme, r.URL.Host = "", "http", server.Listener.Addr().String()
			response, err := server.Client().Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			_, err = io.Copy(io.Discard, response.Body)
			if response.StatusCode != c.status || (err != nil) != c.broken {
				t.Errorf("status %d, then %v", response.StatusCode, err)
			}
		})
	}
}

func TestSection22AnExportEndsWithItsCaller(t *testing.T) {
	if _, err := seeded(); err != nil { // in real time
		t.Fatal(err)
	}
	for name, read := range map[string]func(net.Conn){
		"a caller that disconnects":      func(c net.Conn) { c.Close() },
		"a caller that stops to read":    func(net.Conn) {},
		"a caller that reads too slowly": drip,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := serve(t)
				ended := make(chan struct{})
				s.store.Exports = exporter{actions: math.MaxInt, ended: ended}
				listener := make(pipeListener)
				server := &http.Server{Handler: s.api, ErrorLog: slog.NewLogLogger(s.logger.Handler(), slog.LevelWarn)}
				go func() { _ = server.Serve(listener) }()
				conn := listener.dial()
				r := s.request(http.MethodGet, "/Exports/Actions", "", "")
				fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: a\r\nAuthorization: %s\r\n\r\n", r.URL.Path, r.Header.Get("Authorization"))
				begin := time.Now()
				if _, err := io.ReadFull(conn, make([]byte, 100)); err != nil {
					t.Fatal(err)
				}
				var reading sync.WaitGroup
				reading.Go(func() { read(conn) })
				if <-ended; time.Since(begin) > export.MaxDuration {
					t.Errorf("the export ended after %v", time.Since(begin))
				}
				conn.Close()
				reading.Wait()
				close(listener)
				if err := server.Close(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// drip reads 1 KiB each second until the connection ends.
func drip(c net.Conn) {
	for {
		if _, err := io.ReadFull(c, make([]byte, 1<<10)); err != nil {
			return
		}
		time.Sleep(time.Second)
	}
}
