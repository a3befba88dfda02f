package admin_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/money"
)

// connect returns a client of the demo's server.
func connect(t *testing.T) *admin.Client {
	t.Helper()
	c, err := admin.New(admin.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// take returns up to n objects of a list.
func take[T any](t *testing.T, list iter.Seq2[T, error], n int) (objects []T) {
	t.Helper()
	for object, err := range list {
		if err != nil {
			t.Fatal(err)
		}
		if objects = append(objects, object); len(objects) == n {
			break
		}
	}
	return objects
}

// reason returns options with a reason.
func reason(text string) admin.WriteOptions { return admin.WriteOptions{Reason: text} }

// isStatus reports whether an error is a response with the status that names the field.
func isStatus(err error, status int, field string) bool {
	var e *client.Error
	return errors.As(err, &e) && e.Status == status && e.RequestID != "" &&
		(field == "" || slices.ContainsFunc(e.Fields, func(f client.FieldError) bool { return f.Field == field }))
}

func TestNewNeedsAURLAndCredentials(t *testing.T) {
	t.Setenv(client.EnvURL, "https://ledger.example")
	t.Setenv(client.EnvSID, "A")
	t.Setenv(client.EnvToken, "B")
	for _, name := range []string{admin.EnvURL, admin.EnvSID, admin.EnvToken} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, "")
			if _, err := admin.New(admin.Options{}); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("without %s: %v", name, err)
			}
		})
	}
	if _, err := admin.New(admin.Options{BaseURL: "ledger.example"}); err == nil {
		t.Error("a URL without a scheme is accepted")
	}
}

func TestErrorsAreThoseOfPackageClient(t *testing.T) {
	c, ctx := connect(t), t.Context()
	if _, err := c.Invoice(ctx, 1, "10002-999"); !errors.Is(err, client.ErrNotFound) {
		t.Errorf("an unknown invoice: %v", err)
	}
	for _, err := range c.Balances(ctx, 999) {
		if !errors.Is(err, client.ErrNotFound) {
			t.Errorf("an unknown account: %v", err)
		}
	}
	if err := c.ParkSubmission(ctx, 1, "none", admin.WriteOptions{}); !isStatus(err, http.StatusBadRequest, "reason") {
		t.Errorf("a write without a reason: %v", err)
	}
	account, err := admin.New(admin.Options{SID: demo.SID, Token: demo.Token})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := account.Clock(ctx); !isStatus(err, http.StatusForbidden, "") {
		t.Errorf("the token of an account: %v", err)
	}
}

func TestAccountsAndEntries(t *testing.T) {
	c, ctx := connect(t), t.Context()
	accounts := take(t, c.Accounts(ctx), 9)
	if len(accounts) != 2 || accounts[0].ID != 1 || accounts[0].Currency != "USD" || accounts[0].Zone != "America/Los_Angeles" {
		t.Errorf("the accounts are %+v", accounts)
	}
	account, err := c.Account(ctx, 1)
	if err != nil || !bytes.Contains(account, []byte(`"payment_days":35`)) {
		t.Errorf("the account is %.200s (%v)", account, err)
	}
	if n, err := c.PutAccount(ctx, 1, account, admin.PutOptions{}); err != nil || n != 0 {
		t.Errorf("putting it back records %d entries (%v)", n, err)
	}
	if n, err := c.PutAccount(ctx, 77, map[string]any{"name": "Shop", "currency": "JPY", "zone": "UTC"}, admin.PutOptions{}); err != nil || n != 1 {
		t.Errorf("a new account records %d entries (%v)", n, err)
	}

	partner := admin.Entry(admin.Partners, 10077)
	if n, err := c.PutEntry(ctx, 1, partner, map[string]any{"name": "Blog"}, admin.PutOptions{}); err != nil || n != 1 {
		t.Errorf("a new partner records %d entries (%v)", n, err)
	}
	if n, err := c.EndEntry(ctx, 1, partner, admin.End{State: "PAUSED"}, reason("a holiday")); err != nil || n != 1 {
		t.Errorf("ending it records %d entries (%v)", n, err)
	}
	var blog struct{ Name, State string }
	if text, err := c.Entry(ctx, 1, partner); err != nil || json.Unmarshal(text, &blog) != nil || blog.Name != "Blog" || blog.State != "PAUSED" {
		t.Errorf("the partner is %s (%v)", text, err)
	}
	code, end := admin.Entry(admin.PromoCodes, 1000, "A/B 5"), time.Now().Add(time.Hour).Truncate(time.Second)
	if n, err := c.PutEntry(ctx, 1, code, map[string]any{"partner": 10001}, admin.PutOptions{}); err != nil || n != 1 {
		t.Errorf("a promo code records %d entries (%v)", n, err)
	}
	if n, err := c.EndEntry(ctx, 1, code, admin.End{At: end}, admin.WriteOptions{}); err != nil || n != 1 {
		t.Errorf("ending it records %d entries (%v)", n, err)
	}
	var promo struct{ End time.Time }
	if text, err := c.Entry(ctx, 1, code); err != nil || json.Unmarshal(text, &promo) != nil || !promo.End.Equal(end) {
		t.Errorf("the promo code is %s (%v)", text, err)
	}
	terms := map[string]any{"campaign": 1000, "partner": 10077, "start": "2026-01-01", "terms": []any{map[string]any{
		"event_type": 2240, "level": "ITEM", "default": map[string]any{"rate": 101}, "locking": map[string]any{"days": 30},
	}}}
	contract := admin.Entry(admin.Contracts, 777)
	if _, err := c.PutEntry(ctx, 1, contract, terms, admin.PutOptions{}); !isStatus(err, http.StatusBadRequest, "default") {
		t.Errorf("a rate over 100 %%: %v", err)
	}
	if n, err := c.PutEntry(ctx, 1, contract, terms, admin.PutOptions{Force: true}); err != nil || n != 2 {
		t.Errorf("a forced rate records %d entries (%v)", n, err)
	}
}

func TestAReferenceFileIsApplied(t *testing.T) {
	c, ctx := connect(t), t.Context()
	file := admin.ReferenceFile{Content: "accounts:\n  - {id: 78, name: Shop, currency: EUR, zone: UTC}\n", DryRun: true}
	for _, dryRun := range []bool{true, false} {
		file.DryRun = dryRun
		a, err := c.Apply(ctx, file, reason("a new shop"))
		if err != nil || a.DryRun != dryRun || len(a.Accounts) != 1 || a.Accounts[0].Account != 78 || a.Accounts[0].Recorded != 1 ||
			!slices.Equal(a.Accounts[0].Changes, []admin.EntryChange{{Kind: "account"}}) {
			t.Errorf("the changes are %+v (%v)", a, err)
		}
	}
	file.Content = "accounts: [{id: 78, name: Shop, currency: EUR, zone: Mars}]"
	if _, err := c.Apply(ctx, file, admin.WriteOptions{}); !isStatus(err, http.StatusBadRequest, "zone") {
		t.Errorf("an unknown zone: %v", err)
	}
}

func TestTokens(t *testing.T) {
	c, ctx := connect(t), t.Context()
	expires := time.Now().Add(48 * time.Hour).UTC().Truncate(time.Second)
	created, err := c.CreateToken(ctx, admin.NewToken{
		Account: 1, Name: "report", Version: 13, Scopes: []string{"actions:read"}, Limit: 500, Strict: true, Expires: expires,
	}, reason("for the report"))
	if err != nil || created.Secret == "" || created.Account != 1 || created.Name != "report" || created.Version != 13 || !slices.Equal(created.Scopes, []string{"actions:read"}) ||
		created.Limit != 500 || !created.Strict || !created.Expires.Equal(expires) || created.Created.IsZero() || !created.Disabled.IsZero() {
		t.Fatalf("the token is %+v (%v)", created, err)
	}
	sid := created.SID
	rotated, err := c.RotateToken(ctx, sid, admin.Rotation{Overlap: new(time.Hour)}, admin.WriteOptions{})
	if err != nil || rotated.Secret == "" || rotated.Secret == created.Secret || time.Until(rotated.OldSecretUntil).Round(time.Minute) != time.Hour {
		t.Errorf("the rotated token is %+v (%v)", rotated, err)
	}
	if rotated, err = c.RotateToken(ctx, sid, admin.Rotation{Overlap: new(time.Duration(0))}, admin.WriteOptions{}); err != nil || rotated.OldSecretUntil.After(time.Now()) {
		t.Errorf("the token without an overlap is %+v (%v)", rotated, err)
	}
	if kept, err := c.RemoveExpiry(ctx, sid, admin.WriteOptions{}); err != nil || !kept.Expires.IsZero() {
		t.Errorf("the kept token is %+v (%v)", kept, err)
	}
	if expired, err := c.ExpireToken(ctx, sid, expires, admin.WriteOptions{}); err != nil || !expired.Expires.Equal(expires) {
		t.Errorf("the expiring token is %+v (%v)", expired, err)
	}
	if lenient, err := c.SetStrict(ctx, sid, false, admin.WriteOptions{}); err != nil || lenient.Strict {
		t.Errorf("the lenient token is %+v (%v)", lenient, err)
	}
	if disabled, err := c.DisableToken(ctx, sid, reason("lost")); err != nil || disabled.Disabled.IsZero() || disabled.Secret != "" {
		t.Errorf("the disabled token is %+v (%v)", disabled, err)
	}
	if _, err := c.RotateToken(ctx, sid, admin.Rotation{}, admin.WriteOptions{}); !isStatus(err, http.StatusConflict, "") {
		t.Errorf("rotating a disabled token: %v", err)
	}
	listed := take(t, c.Tokens(ctx, admin.TokenFilter{Account: 1}), 99)
	if i := slices.IndexFunc(listed, func(t admin.Token) bool { return t.SID == sid }); i < 0 || listed[i].Disabled.IsZero() {
		t.Errorf("the tokens are %+v", listed)
	}
	if all := take(t, c.Tokens(ctx, admin.TokenFilter{}), 99); len(all) <= len(listed) {
		t.Errorf("of all accounts there are %d tokens, of one %d", len(all), len(listed))
	}
}

func TestALostSecretIsAnError(t *testing.T) {
	c, ctx := connect(t), t.Context()
	options := admin.WriteOptions{IdempotencyKey: "lost-secret"}
	first, err := c.CreateToken(ctx, admin.NewToken{Admin: true, Name: "lost"}, options)
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.CreateToken(ctx, admin.NewToken{Admin: true, Name: "lost"}, options)
	if !errors.Is(err, admin.ErrSecretLost) || again.SID != first.SID || !strings.Contains(err.Error(), first.SID) {
		t.Errorf("the repeated write returns %+v (%v)", again, err)
	}
}

// convert reports an order, and returns the ids of its action and of a submission that is rejected.
func convert(t *testing.T, order string) (action, rejected string) {
	t.Helper()
	write, err := demo.Client.Convert(t.Context(), client.Conversion{
		CampaignID: 1000, ActionTrackerID: 2240, OrderID: order, MediaPartnerID: 10001, Currency: "USD", CustomerID: "customer of " + order,
		Items: []client.ConversionItem{{SKU: "LANTERN", Quantity: 2, SubTotal: new(money.Amount(1927))}},
	})
	if err != nil {
		t.Fatal(err)
	}
	submission, err := write.Wait(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	change, err := demo.Client.Reverse(t.Context(), client.Reversal{ActionTrackerID: 2240, OrderID: order + "?", Reason: "OTHER"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := change.Wait(t.Context()); !errors.As(err, new(*client.Rejection)) {
		t.Fatalf("a reversal of an unknown order: %v", err)
	}
	return submission.ActionID, change.SubmissionID
}

func TestActionsAndSubmissions(t *testing.T) {
	c, ctx := connect(t), t.Context()
	action, rejected := convert(t, "ADMIN-1")
	if err := c.SetModificationLimit(ctx, 1, action, 2000, reason("a busy order")); err != nil {
		t.Error(err)
	}
	if err := c.SetModificationLimit(ctx, 1, action, 1999, reason("a mistake")); !isStatus(err, http.StatusBadRequest, "cap") {
		t.Errorf("a lower limit: %v", err)
	}
	if err := c.ParkSubmission(ctx, 1, rejected, reason("a mistake")); !isStatus(err, http.StatusConflict, "") {
		t.Errorf("parking a complete submission: %v", err)
	}
	id, err := c.RetrySubmission(ctx, 1, rejected, reason("it exists now"))
	if err != nil || id == rejected {
		t.Errorf("the new submission is %q (%v)", id, err)
	}
	if _, err := demo.Client.Submission(ctx, id); err != nil {
		t.Error(err)
	}
}

func TestInquiries(t *testing.T) {
	c, ctx := connect(t), t.Context()
	for _, order := range []string{"INQUIRY-1", "INQUIRY-2", "INQUIRY-3"} {
		q, err := c.CreateInquiry(ctx, 1, admin.NewInquiry{
			CampaignID: 1000, MediaPartnerID: 10001, OrderID: order, InquiryType: "UNTRACKED", TransactionDate: time.Now().Add(-time.Hour),
			TransactionAmount: new(money.Whole(30)), Comment: "please",
		})
		if err != nil || q.Order != order || q.Status != "UNRESOLVED" || q.Partner != 10001 || q.Created.IsZero() {
			t.Fatalf("the inquiry is %+v (%v)", q, err)
		}
		if same, err := c.Inquiry(ctx, 1, q.ID); err != nil || *same != *q {
			t.Errorf("the inquiry is %+v (%v), created as %+v", same, err, q)
		}
	}
	if paged := take(t, c.Inquiries(ctx, 1, admin.InquiryFilter{Status: "UNRESOLVED", PageSize: 2}), 3); len(paged) != 3 || paged[2].Order != "INQUIRY-1" {
		t.Errorf("the inquiries are %+v", paged)
	}
	if none := take(t, c.Inquiries(ctx, 77, admin.InquiryFilter{}), 1); len(none) != 0 {
		t.Errorf("another account has the inquiries %+v", none)
	}
}

func TestCustomersAreErased(t *testing.T) {
	c, ctx := connect(t), t.Context()
	convert(t, "ERASE-1")
	erase := admin.EraseCustomer{Customer: "customer of ERASE-1", DryRun: true}
	for _, dryRun := range []bool{true, false} {
		erase.DryRun = dryRun
		if e, err := c.Erase(ctx, 1, erase, reason("a request")); err != nil || e.DryRun != dryRun || e.Erased.Actions != 1 || e.Erased.Submissions != 1 {
			t.Errorf("the erasure is %+v (%v)", e, err)
		}
	}
	if e, err := c.Retain(ctx, 1, admin.Retain{DryRun: true}, reason("a check")); err != nil || !e.Unlimited || !e.DryRun || e.Removed.Actions != 0 {
		t.Errorf("the retention is %+v (%v)", e, err)
	}
	if _, err := c.Retain(ctx, 1, admin.Retain{}, reason("a check")); !isStatus(err, http.StatusConflict, "") {
		t.Errorf("without a folder of archives: %v", err)
	}
}

func TestNotifications(t *testing.T) {
	c, ctx := connect(t), t.Context()
	if deliveries := take(t, c.Deliveries(ctx, 1, 1, admin.DeliveryFilter{PageSize: 1}), 2); len(deliveries) != 0 {
		t.Errorf("the deliveries are %+v", deliveries)
	}
	if _, err := c.Resend(ctx, 1, 1, "", reason("fixed")); !isStatus(err, http.StatusConflict, "") {
		t.Errorf("a paused notification: %v", err)
	}
	if _, err := c.Resend(ctx, 1, 99, "", reason("fixed")); !errors.Is(err, client.ErrNotFound) {
		t.Errorf("an unknown notification: %v", err)
	}
}

func TestInvoices(t *testing.T) {
	c, ctx := connect(t), t.Context()
	all := take(t, c.Invoices(ctx, 1, admin.InvoiceFilter{PageSize: 1}), 999)
	if len(all) < 2 {
		t.Fatalf("the invoices are %+v", all)
	}
	for _, v := range all {
		var lines money.Amount
		for _, l := range v.Lines {
			lines += l.Total
		}
		if v.Currency != "USD" || v.Total != v.Net+v.VAT || v.Total != lines || v.Total <= 0 || v.Period == "" || v.Due <= v.Created {
			t.Errorf("the invoice is %+v", v)
		}
		if v.Partner == 10005 && (v.Converted == nil || v.Converted.Currency != "EUR" || v.Converted.Rate == "" || v.VATRate != money.Whole(19)) {
			t.Errorf("the invoice in euros is %+v", v)
		}
	}
	paid := take(t, c.Invoices(ctx, 1, admin.InvoiceFilter{Status: "PAID", Partner: all[len(all)-1].Partner}), 1)
	if len(paid) != 1 || paid[0].Payment == nil || paid[0].Payment.Date == "" {
		t.Errorf("the paid invoice is %+v", paid)
	}
	for number, want := range map[int]string{1: all[0].ID, 2: all[1].ID, len(all) + 1: ""} {
		p, err := c.InvoicePage(ctx, 1, admin.InvoiceFilter{PageSize: 1}, number)
		if err != nil || p.Total != len(all) || len(p.Objects) > 1 || want != "" && (len(p.Objects) == 0 || p.Objects[0].ID != want) {
			t.Errorf("page %d is %+v (%v), want %s", number, p, err, want)
		}
	}
	same, err := c.Invoice(ctx, 1, all[0].ID)
	if err != nil || same.Total != all[0].Total || len(same.Lines) != len(all[0].Lines) {
		t.Errorf("the invoice is %+v (%v)", same, err)
	}
	pdf, err := c.InvoicePDF(ctx, 1, all[0].ID)
	if text := readAll(t, pdf, err); !bytes.HasPrefix(text, []byte("%PDF-")) {
		t.Errorf("the PDF begins with %.20q", text)
	}
	export, err := c.ExportInvoices(ctx, 1, admin.InvoiceExport{Month: all[0].Period, Format: "xero", AccountCode: "429", TaxType: "Tax Exempt", MonthFirst: true})
	if text := readAll(t, export, err); !bytes.Contains(text, []byte(all[0].ID)) || !bytes.Contains(text, []byte("429")) {
		t.Errorf("the export is %.200s", text)
	}
}

// readAll reads and closes a stream.
func readAll(t *testing.T, stream io.ReadCloser, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	text, err := io.ReadAll(stream)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestPaymentsBonusesAndBalances(t *testing.T) {
	c, ctx := connect(t), t.Context()
	before, err := c.Balance(ctx, 1, 10004)
	if err != nil || before.Currency != "USD" || before.Owed != before.Invoiced-before.Paid || before.PartnerName != "Cashback Club" {
		t.Fatalf("the balance is %+v (%v)", before, err)
	}
	bonus := admin.Bonus{Partner: 10004, Campaign: 1000, Amount: 2500, Currency: "USD"}
	entry, err := c.RecordBonus(ctx, 1, bonus, reason("a contest"))
	if err != nil || entry.Kind != "BONUS" || entry.Amount != 2500 || entry.Currency != "USD" || entry.Partner != 10004 || entry.Campaign != 1000 || entry.Period == "" {
		t.Errorf("the entry is %+v (%v)", entry, err)
	}
	if after, err := c.Balance(ctx, 1, 10004); err != nil || after.Cleared != before.Cleared+2500 {
		t.Errorf("the balance is %+v (%v), before %+v", after, err, before)
	}
	bonus.Currency = "JPY"
	if _, err := c.RecordBonus(ctx, 1, bonus, reason("a contest")); !isStatus(err, http.StatusBadRequest, "currency") {
		t.Errorf("a bonus in yen: %v", err)
	}
	bonus.Currency = ""
	if _, err := c.RecordBonus(ctx, 1, bonus, reason("a contest")); err == nil || !strings.Contains(err.Error(), "Currency") {
		t.Errorf("a bonus without a currency: %v", err)
	}
	if balances := take(t, c.Balances(ctx, 1), 999); len(balances) < 6 || balances[0].Partner != 10001 {
		t.Errorf("the balances are %+v", balances)
	}
	if p, err := c.BalancePage(ctx, 1, admin.BalanceFilter{PageSize: 2}, 2); err != nil || p.Total < 6 || len(p.Objects) != 2 || p.Objects[0].Partner != 10003 {
		t.Errorf("the second page is %+v (%v)", p, err)
	}
	if _, err := c.WriteOff(ctx, 1, 10004, reason("too small")); !isStatus(err, http.StatusConflict, "") {
		t.Errorf("writing nothing off: %v", err)
	}
}
