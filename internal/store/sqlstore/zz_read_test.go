package sqlstore

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	trueup "github.com/trueup-ledger/trueup"
	"github.com/trueup-ledger/trueup/internal/store"
)

func rss() string {
	b, _ := os.ReadFile("/proc/self/status")
	out := ""
	for _, l := range strings.Split(string(b), "\n") {
		if strings.HasPrefix(l, "VmRSS") || strings.HasPrefix(l, "VmHWM") {
			out += strings.Join(strings.Fields(l)[:2], " ") + " "
		}
	}
	return out
}

func TestZZRead(t *testing.T) {
	dir := os.Getenv("MILLION")
	if dir == "" {
		t.Skip()
	}
	st, err := OpenSQLiteReadOnly(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	t.Log("open", rss())
	end := now.Add(5 * 1000 * time.Minute)
	days := func(n int) trueup.Span { return trueup.Span{Start: end.AddDate(0, 0, -n), End: end} }
	for _, c := range []struct {
		name string
		f    trueup.ActionFilter
		p    trueup.Page
	}{
		{"all, first page", trueup.ActionFilter{}, trueup.Page{Size: 20000, Number: 1, Most: 200000}},
		{"all, no most", trueup.ActionFilter{}, trueup.Page{Size: 20000, Number: 1}},
		{"7 minutes updated: 1-2k", trueup.ActionFilter{Updated: trueup.Span{Start: end.Add(-7 * time.Minute), End: end}}, trueup.Page{Size: 20000, Number: 1, Most: 200000}},
		{"100 min: 20k", trueup.ActionFilter{Updated: trueup.Span{Start: end.Add(-105 * time.Minute), End: end}}, trueup.Page{Size: 20000, Number: 1, Most: 200000}},
		{"100 min pending campaign: 20k", trueup.ActionFilter{Campaign: 1000, State: trueup.Pending, Now: end, Updated: trueup.Span{Start: end.Add(-105 * time.Minute), End: end}}, trueup.Page{Size: 20000, Number: 1, Most: 200000}},
		{"900 min: 180k", trueup.ActionFilter{Updated: trueup.Span{Start: end.Add(-900 * time.Minute), End: end}}, trueup.Page{Size: 20000, Number: 1, Most: 200000}},
		{"900 min pending: 180k", trueup.ActionFilter{State: trueup.Pending, Now: end, Updated: trueup.Span{Start: end.Add(-900 * time.Minute), End: end}}, trueup.Page{Size: 20000, Number: 1, Most: 200000}},
		{"7 days: all 1M", trueup.ActionFilter{Updated: days(7)}, trueup.Page{Size: 20000, Number: 1, Most: 200000}},
		{"event date 1 day: 28.8k", trueup.ActionFilter{EventDate: trueup.Span{Start: now.AddDate(0, 0, -5), End: now.AddDate(0, 0, -4)}}, trueup.Page{Size: 20000, Number: 1, Most: 200000}},
		{"event date 6 days: 172k", trueup.ActionFilter{EventDate: trueup.Span{Start: now.AddDate(0, 0, -11), End: now.AddDate(0, 0, -5)}}, trueup.Page{Size: 20000, Number: 1, Most: 200000}},
		{"order", trueup.ActionFilter{Order: "order-500000"}, trueup.Page{Size: 20000, Number: 1, Most: 200000}},
		{"sku of all", trueup.ActionFilter{SKU: "12345"}, trueup.Page{Size: 20000, Number: 1, Most: 200000}},
	} {
		for i := range 2 {
			began := time.Now()
			var first time.Duration
			n := 0
			var fnd trueup.Found
			err := st.Read(t.Context(), account, func(r store.Reader) error {
				found, seq, err := r.Actions(c.f, c.p)
				if err != nil {
					return err
				}
				fnd = found
				for _, err := range seq {
					if n == 0 {
						first = time.Since(began)
					}
					n++
					if err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if i == 1 {
				t.Log("actions", c.name, fnd.Total, "first", first, "all", time.Since(began), n, rss())
			}
			began = time.Now()
			n, first = 0, 0
			err = st.Read(t.Context(), account, func(r store.Reader) error {
				found, seq, err := r.Updates(c.f, c.p)
				if err != nil {
					return err
				}
				fnd = found
				for _, err := range seq {
					if n == 0 {
						first = time.Since(began)
					}
					n++
					if err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if i == 1 {
				t.Log("updates", c.name, fnd.Total, "first", first, "all", time.Since(began), n, rss())
			}
		}
	}
}

func TestZZCheck(t *testing.T) {
	dir := os.Getenv("MILLION")
	if dir == "" {
		t.Skip()
	}
	st, err := OpenSQLiteReadOnly(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	began := time.Now()
	offences, err := store.Check(t.Context(), st, trueup.Decide)
	fmt.Println(len(offences), err, time.Since(began), rss())
}
