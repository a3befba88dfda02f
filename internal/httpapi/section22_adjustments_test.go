package httpapi_test

import (
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// lateOrder tracks an order whose terms accept late returns for 60 days, and moves the clock to a
// time between locking and clearing. It returns the id of the action.
func (s *service) lateOrder(t *testing.T) string {
	t.Helper()
	var account int64
	accounts, err := s.store.Accounts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range accounts {
		reference, err := s.store.Reference(t.Context(), id, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if _, found := reference.Partners[10001]; found && account == 0 {
			account = id
		}
	}
	_, err = s.store.Record(t.Context(), account, time.Now(), testEvent, func(r *program.Reference, at time.Time) (store.ReferenceChange, error) {
		change := store.ReferenceChange{Reference: program.Reference{Terms: make(map[program.TermsOf][]program.Terms)}}
		for of, versions := range r.Terms {
			late := versions[len(versions)-1]
			late.Version, late.From, late.LateReturns, late.Locking = late.Version+1, at, 60, program.Locking{Days: 30}
			change.Terms[of] = []program.Terms{late}
		}
		return change, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	action := s.order(t, "LATE")
	s.clockOffset.Add(int64(32 * 24 * time.Hour))
	return action
}

func TestSection22AReturnAfterLockingIsAnAdjustment(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.lateOrder(t)
	before := s.exchange(t, exchange{path: "/Actions/" + action, has: []string{`"State":"APPROVED"`, `"ClearedDate":""`}})
	updates := s.exchange(t, exchange{path: "/Actions/" + action + "/Updates", has: []string{`"ClearingDate":"20`}})

	lantern := "ActionId=" + action + "&Sku=LANTERN&Reason=ORDER_UPDATE&Quantity="
	s.exchange(t, exchange{
		method: "PUT", path: "/Actions", contentType: form, body: lantern + "1&DryRun=true",
		has: []string{`"DeltaAmount":-9.63,"DeltaPayout":-0.38,"Adjustments":[{"Id":"","ActionId":"` + action, `"InvoicePeriod":"20`, `"Errors":[]`},
	})
	if r := s.submit(t, "PUT", "/Actions", lantern+"1"); r.ErrorReason != "" || r.ActionId != action {
		t.Errorf("the late return: %+v", r)
	}
	for quantity, want := range map[string]string{"3": "ADJUSTMENT_TOO_HIGH", "1": ""} {
		if r := s.submit(t, "PUT", "/Actions", lantern+quantity); r.ErrorReason != want {
			t.Errorf("quantity %s: %s, want %q", quantity, r.ErrorReason, want)
		}
	}
	if r := s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Reason=RESET"); r.ErrorReason != "RESET_NOT_ADJUSTABLE" {
		t.Errorf("RESET: %+v", r)
	}
	if after := s.exchange(t, exchange{path: "/Actions/" + action}); after != before {
		t.Errorf("the locked action changed from %s to %s", before, after)
	}
	if after := s.exchange(t, exchange{path: "/Actions/" + action + "/Updates"}); after != updates {
		t.Errorf("its updates changed from %s to %s", updates, after)
	}

	values := []string{
		`"Id":"` + action + `.A`, `"MediaPartnerId":10001,"Sku":"LANTERN","Quantity":"1","DeltaQuantity":"-1","DeltaAmount":-9.63,"DeltaPayout":-0.38`,
		`"Currency":"USD","Reason":"ORDER_UPDATE","EffectiveDate":"20`, `"InvoiceId":""`, `"SubmissionUri":"/Advertisers/` + demo.SID + `/APISubmissions/A-`,
	}
	list := s.exchange(t, exchange{path: "/Actions/" + action + "/Adjustments", has: append(values, `"@total":"1"`)})
	_, uri, _ := strings.Cut(list, `"Uri":"/Advertisers/`+demo.SID)
	uri, _, _ = strings.Cut(uri, `"`)
	s.exchangeAll(t, map[string]exchange{
		"all adjustments":                      {path: "/Adjustments", has: append(values, `"@total":"2"`)},
		"those of a campaign and a partner":    {path: "/Adjustments?CampaignId=1000&MediaPartnerId=10001", has: []string{`"@total":"1"`}},
		"those of another partner":             {path: "/Adjustments?MediaPartnerId=10003", has: []string{`"@total":"0"`}},
		"those until the order was tracked":    {path: "/Adjustments?EndDate=2020-01-01", has: []string{`"@total":"0"`}},
		"one adjustment":                       {path: uri, has: values},
		"one adjustment in XML":                {path: uri + ".xml", has: []string{"<Adjustment><Id>" + action + ".A"}},
		"all adjustments in XML":               {path: "/Adjustments.xml", has: []string{`<Adjustments page="1"`}},
		"an id of an update is no adjustment":  {path: strings.Replace(uri, ".A", ".", 1), status: 404},
		"an unknown adjustment":                {path: uri + "9", status: 404},
		"adjustments of an unknown action":     {path: "/Actions/1000.2240.999999/Adjustments", status: 404},
		"adjustments of an invalid action":     {path: "/Actions/x/Adjustments", status: 404},
		"the effective action":                 {path: "/Actions/" + action + "/Effective", has: []string{`"Id":"` + action + `"`, `"State":"APPROVED"`, `"Payout":0.50,`, `"Amount":12.36,`}},
		"its items":                            {path: "/Actions/" + action + "/Effective/Items", has: []string{`"Sku":"LANTERN"`, `"SaleAmount":"9.64"`, `"AdjustmentReason":"ORDER_UPDATE"`}},
		"an unknown effective action":          {path: "/Actions/1000.2240.999999/Effective", status: 404},
		"an effective action with a wrong id":  {path: "/Actions/x/Effective/Items", status: 404},
		"an action without adjustments":        {path: "/Actions/" + s.action(t, demo.ExampleOrder) + "/Effective", has: []string{`"Payout":0.88,`}},
		"the adjustments of an unlocked order": {path: "/Actions/" + s.action(t, demo.ExampleOrder) + "/Adjustments", has: []string{`"@total":"0"`}},
	})
	_, id, _ := strings.Cut(list, `"Id":"`)
	id, _, _ = strings.Cut(id, `"`)
	stale := s.submit(t, "PUT", "/Actions", lantern+"0&ExpectedUpdateId="+strings.Replace(id, ".A", ".1", 1)[:len(id)-1])
	if stale.ErrorReason != "STALE_ACTION" || !strings.Contains(stale.ErrorMessage, id) {
		t.Errorf("with an older update: %+v", stale)
	}
	if r := s.submit(t, "PUT", "/Actions", lantern+"0&ExpectedUpdateId="+id); r.ErrorReason != "" {
		t.Errorf("with the newest adjustment: %+v", r)
	}
	s.clockOffset.Add(int64(90 * 24 * time.Hour))
	if r := s.submit(t, "PUT", "/Actions", lantern+"0"); r.ErrorReason != "ADJUSTMENT_TOO_LATE" {
		t.Errorf("after 60 days: %+v", r)
	}
}
