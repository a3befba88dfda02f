package operate

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/cli"
)

// rateServer serves tables of exchange rates as the admin API does, and records the queries.
func rateServer(t *testing.T, tables []string) (s *cli.Session, queries *[]string) {
	t.Helper()
	queries = new([]string)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*queries = append(*queries, r.URL.RawQuery)
		var limit int
		if _, err := fmt.Sscan(r.URL.Query().Get("limit"), &limit); err != nil {
			t.Error(err)
		}
		var page []string
		for _, table := range tables { // such as 2026-01-02 EUR
			date, base, _ := strings.Cut(table, " ")
			if last := r.URL.Query().Get("last"); (last == "" || date <= last) && len(page) < limit {
				page = append(page, fmt.Sprintf(`{"date":%q,"base":%q,"rates":{"USD":"1.1","CHF":"0.9"}}`, date, base))
			}
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"rate_tables":[%s]}`, strings.Join(page, ","))
	}))
	t.Cleanup(server.Close)
	client, err := admin.New(admin.Options{BaseURL: server.URL, SID: "s", Token: "t"})
	if err != nil {
		t.Fatal(err)
	}
	return &cli.Session{Admin: client, Account: 1}, queries
}

func TestRatesOfSeveralPagesAreListedOnce(t *testing.T) {
	tables := []string{"2026-01-03 GBP", "2026-01-03 EUR", "2026-01-02 JPY", "2026-01-02 GBP", "2026-01-02 EUR", "2026-01-01 EUR"}
	s, queries := rateServer(t, tables)
	var got []string
	for object, err := range rates(t.Context(), s, admin.RateFilter{Limit: 4}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(object))
	}
	var want []string
	for _, table := range tables {
		date, base, _ := strings.Cut(table, " ")
		want = append(want,
			fmt.Sprintf(`{"date":%q,"base":%q,"rate":"0.9","currency":"CHF"}`, date, base),
			fmt.Sprintf(`{"date":%q,"base":%q,"rate":"1.1","currency":"USD"}`, date, base))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if want := []string{"limit=4", "last=2026-01-02&limit=4", "last=2026-01-01&limit=4"}; !slices.Equal(*queries, want) {
		t.Errorf("the queries are %q, want %q", *queries, want)
	}
}
