package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"

	"github.com/trueup-ledger/trueup/internal/export"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/money"
)

// reader returns actions, and then an error unless it is nil.
type reader struct {
	store.ExportReader
	actions []ledger.Action
	err     error
}

func (reader) Statements() store.StatementReader { return noStatements{} }

// ExportAdjusted returns the actions, each with an adjustment of −1.00 whose payout is −0.04.
func (r reader) ExportAdjusted(f search.ActionFilter) iter.Seq2[store.AdjustedAction, error] {
	return func(yield func(store.AdjustedAction, error) bool) {
		for a, err := range r.ExportActions(f, false) {
			if !yield(store.AdjustedAction{Action: a, DeltaAmount: -100, DeltaPayout: -4}, err) {
				return
			}
		}
	}
}

func (r reader) ExportActions(search.ActionFilter, bool) iter.Seq2[ledger.Action, error] {
	return func(yield func(ledger.Action, error) bool) {
		for _, a := range r.actions {
			if !yield(a, nil) {
				return
			}
		}
		if r.err != nil {
			yield(ledger.Action{}, r.err)
		}
	}
}

// noStatements are those of an account without invoices and bonuses.
type noStatements struct{ store.StatementReader }

func (noStatements) Entries(search.EntryFilter) iter.Seq2[invoice.Entry, error] {
	return func(func(invoice.Entry, error) bool) {}
}

func (noStatements) Settlements(int64, time.Time) (invoice.Settlements, error) { return nil, nil }

// write writes an export to w.
func write(t *testing.T, w io.Writer, resource, format string, r store.ExportReader) error {
	t.Helper()
	found, _ := export.Find(resource)
	p, err := wire.ParseParams("ResultFormat="+format, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	x, err := found.Decode(p, wire.Env{Now: now, Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	return x.Write(w, r, &encode.Encoder{Now: now, Reference: wiretest.Reference(t)})
}

var now = time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)

// exported returns a complete export.
func exported(t *testing.T, resource, format string, actions ...ledger.Action) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(t, &b, resource, format, reader{actions: actions}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTextsThatSpreadsheetsRunAreEscapedInCSVAlone(t *testing.T) {
	for text, want := range map[string]string{
		`=1+1`:              `'=1+1`,
		`+1`:                `'+1`,
		`-1`:                `'-1`,
		`@SUM(A1)`:          `'@SUM(A1)`,
		"\t=1":              "'\t=1",
		"\r=1":              "'\r=1",
		`'=1`:               `''=1`,
		`'a`:                `'a`,
		`a=1`:               `a=1`,
		`a "b", c`:          `a "b", c`,
		"two\nlines":        "two\nlines",
		"":                  "",
		`=HYPERLINK("a,b")`: `'=HYPERLINK("a,b")`,
	} {
		a := wiretest.Action()
		a.Note = text
		a.Delta.Payout = -5
		rows, err := csv.NewReader(strings.NewReader(exported(t, "actions", "CSV", a))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if got := cell(rows, 1, "Note"); got != want && got != strings.ReplaceAll(want, "\r", "") {
			t.Errorf("%q in CSV is %q, want %q", text, got, want)
		}
		if got := cell(rows, 1, "DeltaPayout"); got != "-0.05" {
			t.Errorf("a negative number is %q", got)
		}
		var line struct{ Note, DeltaPayout string }
		if err := json.Unmarshal([]byte(exported(t, "actions", "JSONL", a)), &line); err != nil || line.Note != text || line.DeltaPayout != "-0.05" {
			t.Errorf("%q in JSON is %+v (%v)", text, line, err)
		}
	}
}

func cell(rows [][]string, row int, column string) string {
	return rows[row][slices.Index(rows[0], column)]
}

func TestParquetHasExactTypes(t *testing.T) {
	dollars, yen := wiretest.Action(), wiretest.Action()
	dollars.Payout, yen.Payout, yen.Currency = -1_234_567_890_123, 999_999_999_999, "JPY"
	dollars.Referral.Date = time.Time{}
	text := exported(t, "actions", "PARQUET", dollars, yen)
	file, err := parquet.OpenFile(strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]string{}
	for _, f := range file.Schema().Fields() {
		types[f.Name()] = f.Type().String()
	}
	for name, want := range map[string]string{"Payout": "DECIMAL(18,4)", "EventDate": "TIMESTAMP(isAdjustedToUTC=true,unit=MICROS)", "Oid": "STRING", "CampaignId": "INT(64,true)"} {
		if types[name] != want {
			t.Errorf("the type of %s is %s, want %s", name, types[name], want)
		}
	}
	rows := make([]parquet.Row, 2)
	group := file.RowGroups()[0].Rows()
	defer group.Close()
	if n, err := group.ReadRows(rows); n != 2 || err != nil && !errors.Is(err, io.EOF) {
		t.Fatal(n, err)
	}
	column := func(row int, name string) parquet.Value {
		for i, c := range file.Schema().Columns() {
			if c[0] == name {
				return rows[row][i]
			}
		}
		return parquet.Value{}
	}
	got := []any{column(0, "Payout").Int64(), column(1, "Payout").Int64(), column(0, "ReferringDate").IsNull(), column(0, "EventDate").Int64(), column(0, "Oid").String()}
	want := []any{int64(-123_456_789_012_300), int64(9_999_999_999_990_000), true, dollars.EventDate.UnixMicro(), dollars.Order}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPayoutsAreSumsPerPartnerMonthCurrencyAndState(t *testing.T) {
	action := func(date time.Time, partner int64, reversed bool) ledger.Action {
		a := wiretest.Action()
		a.EventDate, a.Partner, a.Reversed, a.Amount, a.Payout, a.ClientCost = date, partner, reversed, 1000, 40, 50
		return a
	}
	zone := wiretest.Reference(t).Zone()
	endOfMonth := time.Date(2026, 9, 30, 23, 59, 59, 0, zone)
	yen := action(endOfMonth, 9, false)
	yen.Currency = "JPY"
	got := exported(t, "payouts", "CSV", action(endOfMonth.Add(time.Second), 9, false), action(endOfMonth, 9, false),
		action(endOfMonth.AddDate(0, 0, -3), 9, false), action(endOfMonth, 9, true), action(endOfMonth, 8, false), yen)
	var months []string
	for _, line := range strings.Split(strings.TrimSpace(got), "\n")[1:] {
		cells := strings.Split(line, ",")
		months = append(months, strings.Join(append(cells[:2:2], cells[3:]...), " "))
	}
	state := string(wiretest.Action().State(now))
	want := []string{
		"2026-09 8 USD " + state + " 1 10.00 0.40 0.50 -1.00 -0.04 0.00",
		"2026-09 9 JPY " + state + " 1 1000 40 50 -100 -4 0",
		"2026-09 9 USD " + state + " 2 20.00 0.80 1.00 -2.00 -0.08 0.00",
		"2026-09 9 USD REVERSED 1 10.00 0.40 0.50 -1.00 -0.04 0.00",
		"2026-10 9 USD " + state + " 1 10.00 0.40 0.50 -1.00 -0.04 0.00",
	}
	slices.Sort(want)
	if slices.Sort(months); !slices.Equal(months, want) {
		t.Errorf("got %q, want %q", months, want)
	}
}

// bonuses are the statements of an account with bonuses alone.
type bonuses struct {
	store.StatementReader
	all []invoice.Entry
}

func (b bonuses) Entries(f search.EntryFilter) iter.Seq2[invoice.Entry, error] {
	return func(yield func(invoice.Entry, error) bool) {
		for _, e := range b.all {
			matches := f.Kind == e.Kind && (f.Partner == 0 || f.Partner == e.Partner) && !e.Date.Before(f.Date.Start)
			if matches && !yield(e, nil) {
				return
			}
		}
	}
}

type bonusReader struct {
	reader
	bonuses
}

func (r bonusReader) Statements() store.StatementReader { return r.bonuses }

func TestBonusesAreInTheMonthOfTheirDate(t *testing.T) {
	zone := wiretest.Reference(t).Zone()
	bonus := func(partner int64, month time.Month, amount money.Amount) invoice.Entry {
		return invoice.Entry{Kind: invoice.KindBonus, Partner: partner, Date: time.Date(2026, month, 1, 0, 0, 0, 0, zone), Amount: amount}
	}
	r := bonusReader{bonuses: bonuses{all: []invoice.Entry{bonus(8, 9, -50), bonus(9, 9, 250), bonus(9, 9, 100), bonus(9, 10, 7)}}}
	for name, c := range map[string]struct {
		filter string
		want   []string
	}{
		"all":                             {"", []string{"2026-09 8 -0.50", "2026-09 9 3.50", "2026-10 9 0.07"}},
		"of a partner":                    {"&MediaPartnerId=9", []string{"2026-09 9 3.50", "2026-10 9 0.07"}},
		"since a date":                    {"&ActionDateStart=2026-09-15T00:00:00Z", []string{"2026-10 9 0.07"}},
		"that are due":                    {"&State=APPROVED", []string{"2026-09 8 -0.50", "2026-09 9 3.50", "2026-10 9 0.07"}},
		"of a state that bonuses lack":    {"&State=PENDING", nil},
		"of an order":                     {"&Oid=1", nil},
		"of an event type":                {"&ActionTrackerId=2240", nil},
		"of actions with a locking date":  {"&LockingDateStart=2026-09-01T00:00:00Z", nil},
		"of actions that changed by then": {"&StartDate=2026-09-01T00:00:00Z", nil},
	} {
		var b bytes.Buffer
		if err := write(t, &b, "payouts", "CSV"+c.filter, r); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var got []string
		for _, line := range strings.Split(strings.TrimSpace(b.String()), "\n")[1:] {
			cells := strings.Split(line, ",")
			if row := strings.Join(cells[3:11], " "); row != "USD APPROVED 0 0.00 0.00 0.00 0.00 0.00" {
				t.Errorf("%s: a row without actions has %s", name, row)
			}
			got = append(got, strings.Join([]string{cells[0], cells[1], cells[11]}, " "))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// failing is a writer that fails.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errGone }

var errGone = errors.New("gone")

func TestErrorsOfReadingAndWritingEndAnExport(t *testing.T) {
	many := slices.Repeat([]ledger.Action{wiretest.Action()}, 30_000)
	for _, format := range []string{"CSV", "JSONL", "PARQUET"} {
		if err := write(t, io.Discard, "actions", format, reader{actions: many[:300], err: errGone}); !errors.Is(err, errGone) {
			t.Errorf("%s: an error of reading returns %v", format, err)
		}
		if err := write(t, failing{}, "actions", format, reader{actions: many}); !errors.Is(err, errGone) {
			t.Errorf("%s: an error of writing returns %v", format, err)
		}
	}
}

func TestAPanicOfTheStoreReachesTheCaller(t *testing.T) {
	defer func() {
		if p := recover(); p == nil {
			t.Error("no panic")
		}
	}()
	_ = write(t, io.Discard, "updates", "CSV", reader{}) // has no method for updates
}

func TestRowsAreWrittenInOrderInEveryFormat(t *testing.T) {
	actions := make([]ledger.Action, 1000)
	for i := range actions {
		actions[i] = wiretest.Action()
		actions[i].ID.Number = int64(len(actions) - i)
	}
	rows, err := csv.NewReader(strings.NewReader(exported(t, "actions", "CSV", actions...))).ReadAll()
	if err != nil || len(rows) != 1001 {
		t.Fatalf("%d rows (%v)", len(rows), err)
	}
	lines := strings.Split(exported(t, "actions", "JSONL", actions...), "\n")
	for i, a := range actions {
		if id := a.ID.String(); rows[i+1][0] != id || !strings.HasPrefix(lines[i], `{"Id":"`+id+`"`) {
			t.Fatalf("row %d is %s and %.40s, want %s", i, rows[i+1][0], lines[i], id)
		}
	}
}

// Orders in another currency have the same fields as the others, and items have no URIs.
func TestEveryRowHasTheColumns(t *testing.T) {
	foreign := ledger.Action{
		Currency: "USD", Original: ledger.Original{Currency: "EUR", Rate: "1.1", Amount: 1000}, Totals: ledger.Totals{Amount: 1100},
		Items: []ledger.Item{{SKU: "a", ItemState: ledger.ItemState{Quantity: 1, Amount: 1100, Original: 1000}}},
	}
	foreign.ID.Number = 2
	usual := ledger.Action{Currency: "USD", Items: []ledger.Item{{SKU: "b", ItemState: ledger.ItemState{Quantity: 1}}}}
	usual.ID.Number = 1
	for _, resource := range []string{"Actions", "Items"} {
		rows, err := csv.NewReader(strings.NewReader(exported(t, resource, "CSV", foreign, usual))).ReadAll()
		if err != nil || len(rows) != 3 {
			t.Fatalf("%s: %q (%v)", resource, rows, err)
		}
		cell := func(row int, name string) string { return rows[row][slices.Index(rows[0], name)] }
		got := []string{cell(1, "OriginalAmount"), cell(1, "OriginalCurrency"), cell(1, "ExchangeRate"), cell(2, "OriginalAmount"), cell(2, "OriginalCurrency")}
		if diff := cmp.Diff([]string{"10.00", "EUR", "1.1", "", ""}, got); diff != "" || slices.Contains(rows[0], "Uri") {
			t.Errorf("%s: %s; columns %q", resource, diff, rows[0])
		}
		first, _, _ := strings.Cut(exported(t, resource, "JSONL", foreign, usual), "\n")
		var line map[string]any
		if err := json.Unmarshal([]byte(first), &line); err != nil || line["OriginalAmount"] != "10.00" || len(line) != len(rows[0]) {
			t.Errorf("%s: %s (%v)", resource, first, err)
		}
		exported(t, resource, "PARQUET", foreign, usual)
	}
}
