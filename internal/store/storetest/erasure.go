package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
	"github.com/trueup-ledger/trueup/money"
)

var erasureGuarantees = []guarantee{
	{"an erased customer is nowhere, and amounts stay", eraseAll},
	{"an erased order is priced as before", func(f *fixture) {
		f.fillWithCustomer()
		f.erase()
		f.accept(setQuantity("a", "12345", 1))
		f.apply()
		same(f, money.Amount(123), f.action(1).Payout, "the payout by the group of the city")
		f.accept(ledger.Modification{Address: ledger.Address{EventType: locksByDay, Order: "a"}, Reason: ledger.ReasonReset})
		f.apply()
		same(f, money.Amount(220), f.action(1).Payout, "the tracked payout")
	}},
	{"by terms that are recorded after an erasure the customer's fields are empty", func(f *fixture) {
		f.fillWithCustomer()
		f.erase()
		f.now = f.now.Add(time.Minute)
		f.recordTermsByCity(3, 20)
		f.accept(setQuantity("a", "12345", 1))
		f.apply()
		same(f, money.Amount(50), f.action(1).Payout, "the default payout")
	}},
	{"an erasure can be repeated, and ended at any moment", eraseInterrupted},
	{"a dry run counts what an erasure erases, and changes nothing", func(f *fixture) {
		f.fillWithCustomer()
		f.apply()
		before := f.everything()
		counted := must(f.Erase(f.Context(), account, f.now, Customer, true, nil, ledger.Decide, store.AuditEvent{}))(f)
		same(f, before, f.everything(), "the account")
		same(f, f.erase(), counted, "the counts")
	}},
	{"an erasure waits for batch files", func(f *fixture) {
		f.file("veiled")
		_, err := f.Erase(f.Context(), account, f.now, Customer, false, nil, ledger.Decide, f.auditEvent(store.OperationErase))
		wantError(f, store.ErrUnreadFiles, err)
	}},
	{"other customers and accounts keep their data", func(f *fixture) {
		f.fillWithCustomer()
		other := f.order("z")
		other.Customer, other.City, other.Note = Customer+"-2", "Graz", "a note"
		f.accept(other)
		f.apply()
		number := f.action(1).ID.Number
		must(f.Accept(f.Context(), otherAccount, f.now, batchOf(f.personalOrder("a"))))(f)
		must(f.Apply(f.Context(), otherAccount, f.now, store.MaxBatch, ledger.Decide))(f)
		f.erase()
		same(f, int64(1), number, "the number")
		kept := f.newest("z")
		same(f, []string{other.Customer, other.City, other.Note}, []string{kept.Customer.ID, kept.Customer.City, kept.Note}, "the other customer")
		wantError(f, nil, f.Read(f.Context(), otherAccount, func(r store.Reader) error {
			a, err := r.Action(idOf(1))
			same(f, Customer, a.Customer.ID, "the customer of the other account")
			return err
		}))
	}},
	{"an unknown account has no customers", func(f *fixture) {
		_, err := f.Erase(f.Context(), 99, f.now, Customer, false, nil, ledger.Decide, f.auditEvent(store.OperationErase))
		wantError(f, ledger.ErrNotFound, err)
	}},
}

// Customer is the id of the customer of [FillWithCustomer].
const Customer = "veiled-4711"

// FillWithCustomer fills a store with the records of a customer, and returns the account. Each
// text that is personal data contains "veiled", and no other does.
func FillWithCustomer(t *testing.T, s store.Store) int64 {
	t.Helper()
	f := &fixture{T: t, Store: s, now: start}
	f.record(account, reference(account))
	f.now = f.now.Add(time.Minute)
	f.fillWithCustomer()
	return account
}

// Erase erases the customer of [FillWithCustomer].
func Erase(ctx context.Context, s store.Store, account int64) (store.Erasure, error) {
	return s.Erase(ctx, account, start.Add(time.Hour), Customer, false, nil, ledger.Decide, store.AuditEvent{
		Actor: store.Actor{Source: store.SourceCommand, ID: "ada"}, Operation: store.OperationErase, Reason: "a request",
	})
}

// recordTermsByCity records a version of terms that pays another rate for orders of the
// customer's city.
func (f *fixture) recordTermsByCity(version int, percent int64) {
	f.Helper()
	change := store.ReferenceChange{Reference: program.Reference{Terms: map[program.TermsOf][]program.Terms{}}}
	rate := money.Whole(percent)
	t := terms(partner, locksByDay, version, 4, program.Locking{Days: 15})
	t.Groups = []program.Group{
		{ID: 1, Rules: []program.Rule{{Variable: program.CustomerCity, Operator: program.Is, Values: []string{"Elsewhere"}}}, Payout: program.Payout{Flat: &rate}},
		{ID: 2, Rules: []program.Rule{
			{Variable: program.CustomerCity, Operator: program.StartsWith, Values: []string{"vEI"}},
			{Variable: program.CustomerStatus, Operator: program.Is, Values: []string{"NEW"}},
		}, Payout: program.Payout{Rate: &rate}},
	}
	putTerms(change.Reference, t)
	f.record(account, change)
}

// personalOrder returns a conversion with all personal fields.
func (f *fixture) personalOrder(order string) ledger.Conversion {
	c := f.order(order)
	c.Customer, c.PostCode, c.City, c.Region, c.Country = Customer, "veiled-post", "Veiledville", "veiled-region", "veiled-country"
	c.City = "veiled city"
	c.IPHash, c.SharedID, c.Note, c.CallerID, c.CustomerStatus = "veiled-ip", "veiled-shared", "veiled-note", "veiled-caller", "NEW"
	c.Extras = map[string]string{"CustomerEmail": "veiled-mail", "UserAgent": "veiled-agent", "Text1": "veiled-text", "OrderTax": "1.00"}
	return c
}

// fillWithCustomer fills the account. The last submission is queued.
func (f *fixture) fillWithCustomer() {
	f.Helper()
	f.recordTermsByCity(2, 10)
	f.recordClicks(
		program.Click{
			ID: "veiled-click", Campaign: campaign, Partner: partner, Customer: Customer, At: f.now,
			CustomID: "veiled-custom", UniqueURL: "https://example.com/veiled", Profile: "veiled-profile", CallerID: "veiled-caller",
		},
		program.Click{ID: "anonymous", Campaign: campaign, Partner: otherPartner, At: f.now},
	)
	f.now = f.now.Add(time.Minute)
	byCustomer, byClick, byURL := f.personalOrder("b"), f.order("c"), f.order("d")
	byCustomer.Partner, byClick.Partner, byURL.Partner = 0, 0, 0
	byClick.Click, byURL.UniqueURL, byURL.City = "veiled-click", "https://example.com/veiled", "veiled-city"
	noted := setQuantity("a", "12345", 2)
	noted.Note = "veiled note"
	early := setQuantity("b", "12345", 1)
	early.Note = "veiled early note"
	withPayload := func(c ledger.Command, payload string) store.Submission {
		return store.Submission{Submission: ledger.Submission{Command: c}, Payload: payload}
	}
	rejected := reverse("a")
	rejected.Reason, rejected.Note = "nothing", "veiled reason"
	batch := []store.Submission{
		withPayload(f.personalOrder("a"), "OrderId=a&CustomerId="+Customer+"&Note=veiled-note&Text1=veiled-text"),
		withPayload(early, "OrderId=b&Note=veiled+early+note"), // before its conversion: there is no action
		withPayload(byCustomer, "OrderId=b&CustomerId="+Customer),
		withPayload(byClick, "OrderId=c&ClickId=veiled-click"),
		withPayload(byURL, "OrderId=d&UniqueUrl=https%3A%2F%2Fexample.com%2Fveiled"),
		withPayload(f.personalOrder("a"), "OrderId=a&CustomerId="+Customer), // a duplicate
		withPayload(noted, "OrderId=a&Note=veiled+note"),
		withPayload(rejected, "OrderId=a&Note=veiled+reason"),
	}
	batch[0].Key = store.Key{Text: "order of " + Customer, Request: ids.Hash{1}}
	for range 150 { // more than a transaction writes
		batch = append(batch, withPayload(noted, "OrderId=a&Note=veiled+note"))
	}
	must(f.Accept(f.Context(), account, f.now, batch))(f)
	f.apply()
	f.fillInquiryAndFile()
	last := ledger.Undo{Submission: 3, Note: "veiled undo"}
	queued := f.personalOrder("e")
	queued.Partner = 0
	must(f.Accept(f.Context(), account, f.now, []store.Submission{
		withPayload(last, "Note=veiled+undo"), withPayload(queued, "OrderId=e&CustomerId="+Customer),
	}))(f)
}

func (f *fixture) fillInquiryAndFile() {
	f.Helper()
	f.now = f.now.Add(time.Minute)
	claim := f.claim("a")
	claim.Comment, claim.TrackingLink = "veiled comment", "https://example.com/veiled-link"
	event := f.auditEvent(store.OperationCreateInquiry)
	event.Key = store.Key{Text: "k", Request: ids.Hash{2}}
	event.Reason = "asked by " + Customer + "."
	must(f.CreateInquiry(f.Context(), account, f.now, claim, event))(f)
	wantError(f, nil, f.KeepResponse(f.Context(), event.Key, `200 {"Comments":[{"Text":"veiled comment"}]}`))
	f.inquire("other")
	file := f.file("rows")
	row := invalidRow(2)
	row.Error.Order, row.Error.Message = "a", "Note: veiled row"
	f.queueRows(file, 0, true, row, invalidRow(3))
}

// erase erases the customer.
func (f *fixture) erase() store.Erasure {
	f.Helper()
	return must(f.Erase(f.Context(), account, f.now, Customer, false, nil, ledger.Decide, f.auditEvent(store.OperationErase)))(f)
}

// newest returns the newest action of an order.
func (f *fixture) newest(order string) (found ledger.Action) {
	f.Helper()
	wantError(f, nil, f.Scan(f.Context(), account, func(c store.Contents) error {
		for a, err := range c.Actions(search.TimeRange{}) {
			if err != nil {
				return err
			}
			if a.Order == order {
				found = a
			}
		}
		return nil
	}))
	return found
}

// everything returns the records of the account that can have personal data, as text.
func (f *fixture) everything() string {
	f.Helper()
	var b strings.Builder
	write := func(record any) {
		text, err := json.Marshal(record)
		wantError(f, nil, err)
		b.Write(append(text, '\n'))
	}
	wantError(f, nil, f.Scan(f.Context(), account, func(c store.Contents) error {
		for a, err := range c.Actions(search.TimeRange{}) {
			if err != nil {
				return err
			}
			write(a)
		}
		for s, err := range c.Submissions() {
			if err != nil {
				return err
			}
			write(s)
		}
		for q, err := range c.Inquiries() {
			if err != nil {
				return err
			}
			write(q)
		}
		return nil
	}))
	write(f.auditEvents(account))
	return b.String()
}

func eraseAll(f *fixture) {
	f.fillWithCustomer()
	f.apply()
	before := make(map[int64]ledger.Action)
	for _, order := range []string{"a", "b", "c", "d", "e"} {
		a := f.newest(order)
		before[a.ID.Number] = a
	}
	erased := f.erase()
	same(f, store.Erasure{Actions: 5, Submissions: 160, Clicks: 1, Inquiries: 1, FileRows: 1, Events: 2, Keys: 2}, erased, "the counts")
	if text := f.everything(); strings.Contains(text, "veiled") || strings.Contains(text, "4711") {
		f.Errorf("the account still has personal data:\n%s", text)
	}
	for number, a := range before {
		after := f.action(number)
		same(f, ledger.Customer{}, after.Customer, "the customer")
		same(f, a.Totals, after.Totals, "the totals")
		same(f, a.Last, after.Last, "the end of the chain")
		same(f, a.Referral.Type, after.Erased.Type, "the kept type of the referral")
	}
	same(f, map[string]string{"OrderTax": "1.00"}, f.action(1).Extras, "extras that are no personal data")
	if _, err := f.FindKey(f.Context(), account, f.now, store.Key{Text: "order of " + Customer, Request: ids.Hash{1}}); !errors.Is(err, ledger.ErrNotFound) {
		f.Errorf("the key with the customer's id gives %v", err)
	}
	event := f.auditEvents(account)[0]
	same(f, []string{string(store.OperationErase), "a customer", erased.String()}, []string{string(event.Operation), event.Subject, event.Detail}, "the audit event")
	again := f.erase()
	same(f, store.Erasure{}, again, "the counts of a second erasure")
	var failed store.Submission
	for _, s := range f.accept(f.personalOrder("a")) {
		f.apply()
		failed = f.submission(s)
	}
	same(f, rejection.CodeConversionDuplicate, failed.Outcome.Code, "the order is still known")
}

// eraseInterrupted ends erasures a little later each time, and verifies the store after each.
func eraseInterrupted(f *fixture) {
	f.fillWithCustomer()

	for checks := 1; ; checks += 3 {
		ctx := &endingContext{Context: f.Context(), checks: checks}
		_, err := f.Erase(ctx, account, f.now, Customer, false, nil, ledger.Decide, f.auditEvent(store.OperationErase))
		if err := Verify(f.Context(), f.Store); err != nil {
			f.Fatalf("after %d checks of the context: %v", checks, err)
		}
		if err == nil {
			break
		}
		if ctx.checks >= 0 || checks > 300 {
			f.Fatalf("the erasure doesn't end: %v", err)
		}
	}
	same(f, store.Erasure{}, f.erase(), "what is left")
	if text := f.everything(); strings.Contains(text, "veiled") {
		f.Errorf("the account still has personal data:\n%s", text)
	}
}

// endingContext ends after a number of checks.
type endingContext struct {
	context.Context
	checks int
}

var errEnded = errors.New("the context ended")

func (c *endingContext) Err() error {
	if c.checks--; c.checks < 0 {
		return errEnded
	}
	return nil
}
