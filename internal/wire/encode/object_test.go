package encode_test

import (
	"maps"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/wiretest"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// values returns the JSON members of an object by name.
func values(t *testing.T, version int, write func(e *encode.Encoder, dst []byte) []byte) map[string]string {
	t.Helper()
	asJSON, _ := encodeOne(encoder(t, version), write)
	found := make(map[string]string)
	for _, m := range wiretest.ReadJSON(t, asJSON) {
		found[m.Name] = m.Value
	}
	return found
}

func checkValues(t *testing.T, got, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if v, found := got[name]; !found || v != value {
			t.Errorf("%s is %q, want %q", name, v, value)
		}
	}
}

func TestSection10AnActionHasItsValues(t *testing.T) {
	want := map[string]string{
		"Id": "1000.2240.158133", "CampaignName": "Shop", "ActionTrackerName": "Sale", "EventCode": "SALE",
		"MediaPartnerName": "Blog <9>", "State": "PENDING", "ClientCost": "0.55", "Payout": "0.50", "DeltaPayout": "-0.38",
		"IntendedPayout": "0.88", "Amount": "12.36", "DeltaAmount": "-9.63", "IntendedAmount": "21.99",
		"ReferringDate": "", "EventDate": "2026-10-05T05:00:00-07:00", "LockingDate": "2026-10-26T00:00:00-07:00",
		"ClearedDate": "", "PromoCode": "FALL", "Oid": "A&1", "CustomerArea": "South", "IpAddress": "hash",
		"Uri": "/Advertisers/" + sid + "/Actions/1000.2240.158133",
	}
	checkValues(t, values(t, 14, objects["Action"]), want)
	checkValues(t, values(t, 13, objects["Action"]), want)
	checkValues(t, values(t, 14, objects["Action"]), map[string]string{"AdId": "0"})
	checkValues(t, values(t, 13, objects["Action"]), map[string]string{"AdId": ""})
	yen := wiretest.Action()
	yen.Currency, yen.OpenEnded, yen.Reversed, yen.Payout = "JPY", true, true, 0
	checkValues(t, values(t, 14, func(e *encode.Encoder, dst []byte) []byte { return e.AppendAction(dst, yen, "") }),
		map[string]string{"Amount": "1236", "DeltaAmount": "-963", "Payout": "0", "LockingDate": "", "State": "REVERSED"})
	dinar := wiretest.Action()
	dinar.Currency, dinar.LockingDate, dinar.Delta.Amount = "KWD", now, -5
	checkValues(t, values(t, 14, func(e *encode.Encoder, dst []byte) []byte { return e.AppendAction(dst, dinar, "") }),
		map[string]string{"Amount": "1.236", "DeltaAmount": "-0.005", "State": "APPROVED"})
	open := wiretest.Action()
	open.OpenEnded, open.LockingDate = true, now
	checkValues(t, values(t, 14, func(e *encode.Encoder, dst []byte) []byte { return e.AppendAction(dst, open, "") }),
		map[string]string{"LockingDate": "2026-10-08T05:00:00-07:00", "State": "APPROVED"})
}

// clearsInThreeDays are the terms of the fixture with a clearing rule.
var clearsInThreeDays = program.TermsKey{TermsOf: program.TermsOf{Contract: 3240326, EventType: 2240}, Version: 2}

func TestSection10AnActionThatClearedHasAClearedDate(t *testing.T) {
	const day = 24 * time.Hour
	for name, c := range map[string]struct {
		locking time.Time
		change  func(a *ledger.Action)
		want    string
	}{
		"before it locks":                           {now.Add(1), func(*ledger.Action) {}, ""},
		"between locking and clearing":              {now.Add(-30 * day), func(*ledger.Action) {}, ""},
		"cleared by the default rule":               {now.Add(-60 * day), func(*ledger.Action) {}, "2026-09-20T00:00:00-07:00"},
		"between locking and clearing by its terms": {now.Add(-2 * day), func(a *ledger.Action) { a.Terms = clearsInThreeDays }, ""},
		"cleared by its terms":                      {now.Add(-3 * day), func(a *ledger.Action) { a.Terms = clearsInThreeDays }, "2026-10-08T00:00:00-07:00"},
		"open-ended":                                {now.Add(1), func(a *ledger.Action) { a.OpenEnded = true }, ""},
		"open-ended, after its latest locking date": {now.Add(-60 * day), func(a *ledger.Action) { a.OpenEnded = true }, "2026-09-20T00:00:00-07:00"},
		"of terms that are unknown":                 {now.Add(-60 * day), func(a *ledger.Action) { a.Terms.Version = 9 }, "2026-09-20T00:00:00-07:00"},
	} {
		t.Run(name, func(t *testing.T) {
			a := wiretest.Action()
			a.LockingDate = c.locking
			c.change(&a)
			got := values(t, 14, func(e *encode.Encoder, dst []byte) []byte { return e.AppendAction(dst, a, "") })
			checkValues(t, got, map[string]string{"ClearedDate": c.want})
		})
	}
}

func TestSection11AnItemURIDecodesToItsSku(t *testing.T) {
	for sku, want := range map[string]string{
		"12345": "12345", "a/b": "a%2Fb", "50 % off?": "50%20%25%20off%3F", "größe": "gr%C3%B6%C3%9Fe",
		"a.b": "a.b", "x.json": "x%2Ejson", "v1.XML": "v1%2EXML", "..": "%2E%2E", ".": "%2E",
		"H&M-1": "H&M-1", "it's": "it%27s",
	} {
		item := wiretest.Action().Items[0]
		item.SKU = sku
		got := values(t, 14, func(e *encode.Encoder, dst []byte) []byte { return e.AppendItem(dst, wiretest.Action(), item) })
		checkValues(t, got, map[string]string{
			"Sku": sku, "Quantity": "1", "SaleAmount": "9.64", "Payout": "0.39", "Rebate": "0.00",
			"Uri": "/Advertisers/" + sid + "/Actions/1000.2240.158133/Items/" + want,
		})
	}
}

func TestSection15AnUpdateIsHistory(t *testing.T) {
	a, u := wiretest.Action(), update()
	u.RecordedState = ledger.RecordedState{
		State: ledger.Reversed, Description: "Reversed/ITEM_RETURNED", CustomerStatus: "OLD", LockingDate: now,
	}
	for name, c := range map[string]struct {
		change func(a *ledger.Action, u *ledger.Update)
		differ map[string]string
	}{
		"as it was recorded":                       {func(*ledger.Action, *ledger.Update) {}, nil},
		"when the action was approved later":       {func(a *ledger.Action, _ *ledger.Update) { a.LockingDate = now }, nil},
		"when another customer status was sent":    {func(a *ledger.Action, _ *ledger.Update) { a.CustomerStatus = "VIP" }, nil},
		"when the action was restored later":       {func(a *ledger.Action, _ *ledger.Update) { a.Reversed, a.OpenEnded = false, true }, nil},
		"an open one has no locking date":          {func(_ *ledger.Action, u *ledger.Update) { u.OpenEnded, u.LockingDate = true, now.Add(1) }, map[string]string{"LockingDate": "", "ClearingDate": ""}},
		"one of terms with a clearing rule":        {func(a *ledger.Action, _ *ledger.Update) { a.Terms = clearsInThreeDays }, map[string]string{"ClearingDate": "2026-10-11T00:00:00-07:00"}},
		"one that was approved has a state detail": {func(_ *ledger.Action, u *ledger.Update) { u.Detail = ledger.DetailPaymentPending }, map[string]string{"StateDetail": "PAYMENT_PENDING"}},
	} {
		t.Run(name, func(t *testing.T) {
			a, u := a, u
			c.change(&a, &u)
			got := values(t, 14, func(e *encode.Encoder, dst []byte) []byte { return e.AppendUpdate(dst, u, a) })
			want := map[string]string{
				"State": "REVERSED", "StateDetail": "", "StateDetailDescription": "Reversed/ITEM_RETURNED",
				"CustomerStatus": "OLD", "LockingDate": "2026-10-08T05:00:00-07:00",
				"Disposition": u.Disposition, "ContractId": "S-3240326", "DefaultPayoutRate": "4", "PayoutLevel": "ITEM",
				"EventTypeId": "2240", "UpdateDate": "2026-10-08T05:00:00-07:00", "ClearingDate": "2026-11-20T00:00:00-08:00",
				"ActionUri": "/Advertisers/" + sid + "/Actions/1000.2240.158133",
				"Uri":       "/Advertisers/" + sid + "/ActionUpdates/" + u.ID().String(),
			}
			maps.Copy(want, c.differ)
			checkValues(t, got, want)
		})
	}
}

func TestSection15AnActionHasItsPresentStateDetail(t *testing.T) {
	approved := func(a *ledger.Action) { a.LockingDate = now }
	for name, c := range map[string]struct {
		change func(a *ledger.Action)
		status invoice.Status
		want   string
	}{
		"pending":                              {func(*ledger.Action) {}, "", ""},
		"pending and open-ended":               {func(a *ledger.Action) { a.OpenEnded = true }, "", "OPEN"},
		"with a custom disposition code":       {func(a *ledger.Action) { a.OpenEnded, a.Disposition = true, "CHECK" }, "", ""},
		"approved and on no invoice":           {approved, "", "PAYMENT_PENDING"},
		"on an invoice that is to be paid":     {approved, invoice.Pending, "PAYMENT_PENDING"},
		"on an invoice that was paid":          {approved, invoice.Paid, "PAID"},
		"on an invoice that is overdue":        {approved, invoice.Overdue, "OVERDUE"},
		"reversed":                             {func(a *ledger.Action) { a.Reversed = true }, "", ""},
		"pending, whatever the status may say": {func(*ledger.Action) {}, invoice.Paid, ""},
	} {
		a := wiretest.Action()
		c.change(&a)
		got := values(t, 14, func(e *encode.Encoder, dst []byte) []byte { return e.AppendAction(dst, a, c.status) })
		if got["StateDetail"] != c.want {
			t.Errorf("%s: StateDetail is %q, want %q", name, got["StateDetail"], c.want)
		}
	}
}

func TestSection16ASubmissionHasItsValues(t *testing.T) {
	checkValues(t, values(t, 14, objects["APISubmission"]), map[string]string{
		"AccountId": "77", "CampaignId": "1000", "ActionTrackerId": "2240", "EventCode": "SALE", "MediaPartnerId": "9",
		"OrderId": "A&1", "Type": "Modification", "Status": "Complete", "ErrorReason": "ACTION_LOCKED",
		"ActionUri": "/Advertisers/" + sid + "/Actions/1000.2240.158133",
	})
	queued := map[string]struct {
		command ledger.Command
		want    map[string]string
	}{
		"a conversion": {
			ledger.Conversion{Campaign: 1000, EventTypeCode: "X", Order: "o", Partner: 8},
			map[string]string{"Type": "Conversion", "CampaignId": "1000", "EventCode": "X", "MediaPartnerId": "8", "OrderId": "o"},
		},
		"a reversal": {
			ledger.Reversal{Address: ledger.Address{Action: wiretest.Action().ID}},
			map[string]string{"Type": "Reversal", "CampaignId": "1000", "ActionTrackerId": "2240"},
		},
		"an undo": {ledger.Undo{Submission: 3}, map[string]string{"Type": "Modification", "CampaignId": "0"}},
	}
	for name, c := range queued {
		t.Run(name, func(t *testing.T) {
			s := encode.Submission{ID: "A-1", Account: 77, Accepted: now, Command: c.command}
			got := values(t, 14, func(e *encode.Encoder, dst []byte) []byte { return e.AppendSubmission(dst, s) })
			checkValues(t, got, c.want)
			checkValues(t, got, map[string]string{
				"Status": "Queued", "CompletionDate": "", "ActionId": "", "ActionUri": "", "ErrorType": "",
			})
		})
	}
}
