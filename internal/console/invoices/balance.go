package invoices

import (
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"

	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/console/page"
	"github.com/trueup-ledger/trueup/internal/console/view"
	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/money"
)

var (
	balancesPage = view.Parse(templates, "templates/balances.html")
	balancePage  = view.Parse(templates, "templates/balance.html")
)

// balances is the data of the list of balances.
type balances struct {
	Balances []admin.Balance
	// Next is the path of the page with the next rows, or empty.
	Next string
}

// Balances shows what the account owes its partners.
func Balances(r *page.Request) error {
	number := max(1, positive(r.R.URL.Query().Get("page")))
	p, err := r.Admin.BalancePage(r.Context(), int(r.Account), admin.BalanceFilter{PageSize: pageSize}, number)
	if err != nil {
		return err
	}
	b := balances{Balances: p.Objects}
	if number*pageSize < p.Total {
		b.Next = r.Path("balances") + "?page=" + strconv.Itoa(number+1)
	}
	return r.Render(balancesPage, b)
}

// balance is the data of the page of a balance.
type balance struct {
	*admin.Balance

	MayWriteOff bool
	// Note and Key are of the form. Key identifies the write-off, so that to send the form twice has
	// the effect of sending it once. Failed is the reason why it was refused.
	Note, Key, Failed string
}

// Seen returns the carried balance as the form sends it back.
func (b *balance) Seen() string { return b.Currency.Format(b.Carried) }

// WriteOffAmount returns the sum of the entries that would be recorded.
func (b *balance) WriteOffAmount() money.Amount { return -b.Carried }

// WrittenOffAfter returns the sum of write-offs after it.
func (b *balance) WrittenOffAfter() money.Amount { return b.WrittenOff - b.Carried }

// Balance shows what the account owes a partner, and what writing it off would record.
func Balance(r *page.Request) error {
	b, err := loadBalance(r)
	if err != nil {
		return err
	}
	return r.Render(balancePage, b)
}

// loadBalance reads the balance of the partner in the path.
func loadBalance(r *page.Request) (*balance, error) {
	partner := positive(r.R.PathValue("partner"))
	if partner == 0 {
		return nil, page.NotFound
	}
	found, err := r.Admin.Balance(r.Context(), int(r.Account), partner)
	if err != nil {
		return nil, err
	}
	r.Title = "Balance of " + found.PartnerName
	return &balance{Balance: found, MayWriteOff: found.Problem == "" && found.Carried != 0 && r.May(people.Finance), Key: rand.Text()}, nil
}

// WriteOff writes the carried balance of a partner off, if it is still the one that the person has
// seen.
func WriteOff(r *page.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	b, err := loadBalance(r)
	if err != nil {
		return err
	}
	b.Note = strings.TrimSpace(form.Get("note"))
	key := form.Get("key")
	if seen := form.Get("carried"); b.Carried != 0 && seen != b.Seen() {
		b.Failed = "The carried balance is another one now. Look at it and write it off again."
		return r.RenderStatus(http.StatusConflict, balancePage, b)
	}
	entries, err := r.Admin.WriteOff(r.Context(), int(r.Account), b.Partner, admin.WriteOptions{Reason: b.Note, IdempotencyKey: key})
	if err != nil {
		if b.Failed = page.Sentence(err); b.Failed == "" {
			return err
		}
		return r.RenderStatus(page.ProblemOf(err).Status, balancePage, b)
	}
	var sum money.Amount
	for _, e := range entries {
		sum += e.Amount
	}
	r.Toast("good", "Written off: "+view.Digits(sum, b.Currency)+" "+string(b.Currency)+".")
	return r.Redirect(r.Path("balances", strconv.Itoa(b.Partner)))
}
