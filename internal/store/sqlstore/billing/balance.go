package billing

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// endOfTime is after every date of an entry.
var endOfTime = time.UnixMicro(1<<62 - 1)

// Balances implements [store.StatementReader].
func (r Reader) Balances(partners []int64, at time.Time) ([]store.Balance, error) {
	if len(partners) == 0 {
		return nil, nil
	}
	b := balancing{Reader: r, at: column.Truncate(at), list: make([]store.Balance, len(partners))}
	for i, partner := range slices.Sorted(slices.Values(partners)) {
		b.list[i].Partner = partner
	}
	if err := b.run(); err != nil {
		return nil, fmt.Errorf("balances: %w", err)
	}
	return b.list, nil
}

// balancing computes balances.
type balancing struct {
	Reader
	at        time.Time
	list      []store.Balance
	reference *program.Reference
	position  store.BillingPosition
}

func (b *balancing) run() (err error) {
	s := b.Snapshot.Session
	if b.position, err = Position(s, b.Snapshot.Account); err != nil {
		return err
	}
	if b.reference, err = b.Versions.Current(s, b.Snapshot.Account); err != nil {
		return err
	}
	q, err := readQueue(s, b.Snapshot.Account)
	if err != nil {
		return err
	}
	b.at = column.MaxTime(b.at, q.accepted) // entries are dated by the account's own clock
	for some := range slices.Chunk(b.list, listing.Chunk) {
		if err := b.pending(some); err != nil {
			return err
		}
	}
	if err := b.locked(q.applied); err != nil {
		return err
	}
	for i := range b.list {
		if err := mark(&b.list[i], b.entries(&b.list[i])); err != nil {
			return err
		}
	}
	return nil
}

// mark marks a balance if an error says that one of its sums overflows. It returns any other error.
func mark(v *store.Balance, err error) error {
	if errors.Is(err, money.ErrTooLarge) {
		v.TooLarge, err = true, nil
	}
	if v.TooLarge {
		*v = store.Balance{Partner: v.Partner, TooLarge: true}
	}
	return err
}

// find returns the balance of a partner, or nil if it isn't asked for.
func (b *balancing) find(partner int64) *store.Balance {
	i, found := slices.BinarySearchFunc(b.list, partner, func(v store.Balance, partner int64) int { return cmp.Compare(v.Partner, partner) })
	if !found {
		return nil
	}
	return &b.list[i]
}

// pending adds up the actions of some of the partners that are not locked.
func (b *balancing) pending(some []store.Balance) error {
	args := []any{b.Snapshot.Account, column.Micros(b.at)}
	for _, v := range some {
		args = append(args, v.Partner)
	}
	var partner int64
	var found sum
	return b.Snapshot.Rows("SELECT partner, "+selectSum("payout")+" FROM actions WHERE account = ? AND locking > ? AND reversed = 0 AND partner IN ("+
		listing.Marks(len(some))+") GROUP BY partner", args, append([]any{&partner}, found.dest()...), func() (err error) {
		v := b.find(partner)
		v.Pending, err = found.amount()
		return mark(v, err)
	})
}

// locked adds up the locked actions whose entries are not gathered yet.
func (b *balancing) locked(applied int64) error {
	s, accountID := b.Snapshot.Session, b.Snapshot.Account
	g := gathering{account: accountID, position: &b.position, reference: b.reference, add: func(e invoice.Entry) {
		v := b.find(e.Partner)
		if v == nil {
			return
		}
		sum := &v.Cleared
		if e.Date.After(b.at) {
			sum = &v.Locked
		}
		if add(sum, e.Amount) != nil {
			v.TooLarge = true
		}
	}}
	for before := (store.BillingPosition{}); before != b.position; {
		before = b.position
		if err := g.next(s, applied, b.at.Add(time.Microsecond)); err != nil {
			return err
		}
		if err := b.Snapshot.Context.Err(); err != nil {
			return err
		}
	}
	return nil
}

// add adds amounts to a sum. If it overflows, the error is [money.ErrTooLarge].
func add(sum *money.Amount, amounts ...money.Amount) (err error) {
	for _, a := range amounts {
		if *sum, err = sum.Plus(a); err != nil {
			return err
		}
	}
	return nil
}

// entries adds up the entries and invoices of a partner.
func (b *balancing) entries(v *store.Balance) error {
	s, accountID := b.Snapshot.Session, b.Snapshot.Account
	_, invoiced, err := lastInvoice(s, accountID, v.Partner)
	if err != nil {
		return err
	}
	closed := b.position.Closed(v.Partner, b.reference.Zone())
	now := b.at.Add(time.Microsecond)
	later, err := sumEntries(s, accountID, v.Partner, "", column.MaxTime(now, closed), endOfTime)
	if err != nil {
		return err
	}
	cleared, err := sumEntries(s, accountID, v.Partner, "", closed, now)
	if err != nil {
		return err
	}
	written, err := sumEntries(s, accountID, v.Partner, invoice.KindWriteOff, closed, endOfTime)
	if err != nil {
		return err
	}
	if err := errors.Join(add(&v.Locked, later), add(&v.Cleared, cleared, -written)); err != nil {
		return err
	}
	if v.Carried, err = carried(s, accountID, v.Partner, invoiced, closed); err != nil {
		return err
	}
	if v.WrittenOff, err = sumEntries(s, accountID, v.Partner, invoice.KindWriteOff, time.Time{}, endOfTime); err != nil {
		return err
	}
	var total, paid sum
	err = s.Row("SELECT "+selectSum("v.total")+", "+selectSum("CASE WHEN p.number IS NULL THEN 0 ELSE v.total END")+
		" FROM "+fromInvoices+"WHERE v.account = ? AND v.partner = ?", []any{accountID, v.Partner}, append(total.dest(), paid.dest()...)...)
	if err != nil {
		return err
	}
	if v.Invoiced, err = total.amount(); err != nil {
		return err
	}
	v.Paid, err = paid.amount()
	return err
}

// carried returns the sum of a partner's entries from one instant until another, and of the
// write-offs since: a write-off balances what is carried at once.
func carried(s *sqldb.Session, account, partner int64, invoiced, closed time.Time) (money.Amount, error) {
	total, err := sumEntries(s, account, partner, "", invoiced, closed)
	if err != nil {
		return 0, err
	}
	written, err := sumEntries(s, account, partner, invoice.KindWriteOff, closed, endOfTime)
	if err != nil {
		return 0, err
	}
	return total.Plus(written)
}
