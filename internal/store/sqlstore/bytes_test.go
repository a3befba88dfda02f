package sqlstore_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/testenv"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/money"
)

// maxBytesPerAction bounds what an action of two items takes that was modified once, in all
// tables and indexes together.
var maxBytesPerAction = map[string]int64{sqldb.SQLite: 1_430, sqldb.PostgreSQL: 2_480}

// TestAnActionTakesFewBytes measures the growth of a store, so that what an empty store takes
// doesn't count. It logs the bytes of each table and index.
func TestAnActionTakesFewBytes(t *testing.T) {
	count := testenv.Scale(3_000, 25_000)
	databases := slices.Clone(databases)
	databases[1].newLocation = pgtest.Database
	onEach(t, databases, func(t *testing.T, openNew func() *sqlstore.Store) {
		st := openNew()
		createAccount(t, st)
		sales := sales{random: rand.New(rand.NewPCG(13, 5))}
		sales.add(t, st, count)
		before := sizes(t, st)
		sales.add(t, st, count)
		total := int64(0)
		after := sizes(t, st)
		for _, name := range slices.Sorted(maps.Keys(after)) {
			if grown := (after[name] - before[name]) / int64(count); grown > 0 {
				total += grown
				t.Logf("%-20s %5d", name, grown)
			}
		}
		limit := maxBytesPerAction[st.DB().Dialect().Name]
		t.Logf("%-20s %5d of at most %d", "bytes per action", total, limit)
		if total > limit {
			t.Errorf("an action takes %d bytes, want at most %d", total, limit)
		}
		if st.DB().Dialect().Name == sqldb.PostgreSQL {
			checkInPlace(t, st)
		}
	})
}

// checkInPlace checks that modifications write new versions of rows to the same page, without
// entries of indexes. The statistics are written late: they may lack the last modifications.
func checkInPlace(t *testing.T, st *sqlstore.Store) {
	t.Helper()
	var table string
	var updated, inPlace int64
	err := st.DB().Lookup(t.Context(), func(s *sqldb.Session) error {
		return s.Rows(`SELECT relname::text, n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables
			WHERE schemaname = current_schema() AND relname IN ('intake', 'applier', 'actions', 'items')`, nil,
			[]any{&table, &updated, &inPlace}, func() error {
				t.Logf("%-20s %5d of %d updates are in place", table, inPlace, updated)
				if inPlace < updated*95/100 {
					t.Errorf("%d of %d updates of %s are in place, want nearly all", inPlace, updated, table)
				}
				return nil
			})
	})
	if err != nil {
		t.Fatal(err)
	}
}

// sales generates actions and modifications as API callers report them.
type sales struct {
	random *rand.Rand
	count  int64
	// commits is the number of commits.
	commits int64
}

// add adds actions, and modifies each once in random order.
func (g *sales) add(t *testing.T, st *sqlstore.Store, count int) {
	t.Helper()
	first := g.count + 1
	skus := make([]string, count)
	var batch []store.Submission
	for i := range count {
		g.count++
		var conversion store.Submission
		conversion, skus[i] = g.conversion(g.count)
		if batch = append(batch, conversion); len(batch) == store.MaxBatch {
			g.commit(t, st, batch)
			batch = nil
		}
	}
	const few = 100 // a batch changes few of the rows of a page
	for _, i := range g.random.Perm(count) {
		if batch = append(batch, g.modification(first+int64(i), skus[i])); len(batch) == few {
			g.commit(t, st, batch)
			batch = nil
			g.count += few // numbers of submissions
		}
	}
}

// commit accepts and applies a batch in one transaction, a second after the one before.
func (g *sales) commit(t *testing.T, st *sqlstore.Store, batch []store.Submission) {
	t.Helper()
	g.commits++
	at := now.Add(time.Duration(g.commits) * time.Second)
	results, err := st.Commit(t.Context(), &source{at, store.Batch{Account: account, Submissions: batch}}, ledger.Decide)
	if err != nil || results[0].Applied != len(batch) {
		t.Fatal(results, err)
	}
}

// source offers one batch.
type source struct {
	at    time.Time
	batch store.Batch
}

func (s *source) Accounts() (accounts []int64, wait bool) { return []int64{s.batch.Account}, true }

func (s *source) Take([]int64) (time.Time, []store.Batch) { return s.at, []store.Batch{s.batch} }

// conversion returns a conversion and the SKU of its first item.
func (g *sales) conversion(number int64) (s store.Submission, first string) {
	c := ledger.Conversion{
		Campaign: 1000, EventType: 2240, Partner: 501, Order: fmt.Sprintf("ORD-%08d", number), Customer: fmt.Sprintf("customer-%d", number/10),
		EventDate: now.Add(-time.Duration(g.random.Int64N(int64(60 * 24 * time.Hour)))).Truncate(time.Second),
	}
	payload := "CampaignId=1000&ActionTrackerId=2240&EventDate=" + url.QueryEscape(c.EventDate.Format(time.RFC3339)) +
		"&OrderId=" + c.Order + "&MediaPartnerId=501&CustomerId=" + c.Customer
	for i := range 2 {
		quantity, amount := 1+g.random.Int64N(5), money.Decimal(100*(100+g.random.Int64N(10_000)))
		line := ledger.ConversionLine{
			Number: i + 1, SKU: fmt.Sprintf("SKU-%05d", g.random.IntN(20_000)), Category: "Shoes", Quantity: &quantity, Amount: &amount,
		}
		c.Lines = append(c.Lines, line)
		payload += fmt.Sprintf("&ItemSku%d=%s&ItemCategory%d=Shoes&ItemQuantity%d=%d&ItemSubTotal%d=%s", i+1, line.SKU, i+1, i+1, quantity, i+1, amount)
	}
	return store.Submission{Submission: ledger.Submission{Command: c}, Payload: payload}, c.Lines[0].SKU
}

func (g *sales) modification(action int64, sku string) store.Submission {
	id, quantity := ids.ActionID{Campaign: 1000, EventType: 2240, Number: action}, 6+g.random.Int64N(5)
	return store.Submission{
		Payload: fmt.Sprintf("ActionId=%s&Reason=ORDER_UPDATE&Sku=%s&Quantity=%d", id, sku, quantity),
		Submission: ledger.Submission{Command: ledger.Modification{
			Address: ledger.Address{Action: id}, Reason: ledger.ReasonOrderUpdate,
			Items: []ledger.ItemChange{{Number: 1, SKU: sku, Quantity: &quantity}},
		}},
	}
}

// sizes returns the bytes of each table and index, or of all of them if the database doesn't
// tell.
func sizes(t *testing.T, st *sqlstore.Store) map[string]int64 {
	t.Helper()
	query := "SELECT 'all', (SELECT page_count FROM pragma_page_count()) * (SELECT page_size FROM pragma_page_size())"
	if st.DB().Dialect().Name == sqldb.PostgreSQL {
		query = `SELECT c.relname::text, pg_relation_size(c.oid)::bigint FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
			WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'i')`
	}
	all := make(map[string]int64)
	var name string
	var size int64
	err := st.DB().Write(t.Context(), func(s *sqldb.Session) error {
		return s.Rows(query, nil, []any{&name, &size}, func() error {
			all[name] = size
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
