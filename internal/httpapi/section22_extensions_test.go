package httpapi_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/store"
)

// preview is the response to a dry run.
type preview struct {
	Status, Queued           string
	Before, After            *sides
	DeltaAmount, DeltaPayout json.Number
	Errors                   []struct{ Code, Field, Message string }
}

type sides struct {
	Action      struct{ Id, State, Oid, Uri string }
	ActionItems []struct{ Sku, Quantity, SaleAmount, Uri string }
}

// dryRun makes a dry run.
func (s *service) dryRun(t *testing.T, method, path, body string) (p preview) {
	t.Helper()
	response := s.exchange(t, exchange{method: method, path: path, contentType: form, body: body + "&DryRun=true", has: []string{`"Status":"DRY_RUN"`}})
	if err := json.Unmarshal([]byte(response), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSection22DryRun(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "DRY")
	before := s.exchange(t, exchange{path: "/Actions/" + action})
	const lantern, why = "Sku=LANTERN&Quantity=1", "&Reason=ORDER_UPDATE"
	item := s.dryRun(t, "PUT", "/Actions", "ActionId="+action+"&"+lantern+why)
	if item.DeltaAmount != "-9.63" || item.DeltaPayout != "-0.38" || len(item.Errors) != 0 || item.Queued != "0" ||
		item.Before.ActionItems[0].SaleAmount != "19.27" || item.After.ActionItems[0].SaleAmount != "9.64" || item.After.Action.Id != action {
		t.Errorf("preview of a return: %+v", item)
	}
	order := s.dryRun(t, "POST", "/Conversions", sale+"OrderId=DRY-2&ItemSku1=A&ItemPrice1=10")
	if order.Before != nil || order.After.Action.Id != "" || order.After.Action.Uri != "" || order.After.ActionItems[0].Uri != "" ||
		order.After.Action.Oid != "DRY-2" || order.DeltaPayout != "0.40" {
		t.Errorf("preview of an order: %+v", order)
	}
	whole := s.dryRun(t, "DELETE", "/Actions", "ActionId="+action+"&DispositionCode=REJECTED")
	if whole.After.Action.State != "REVERSED" || whole.DeltaPayout != "-0.88" {
		t.Errorf("preview of a reversal: %+v", whole)
	}
	for name, c := range map[string]struct{ method, path, body, code, field string }{
		"an unknown item":                          {"PUT", "/Actions", "ActionId=" + action + "&Sku=NONE&Quantity=1" + why, "ITEM_NOT_FOUND", "Sku"},
		"a field with the spelling of the request": {"PUT", "/Actions", "ActionId=" + action + "&ItemSku=NONE&Quantity=1" + why, "ITEM_NOT_FOUND", "ItemSku"},
		"an unknown action":                        {"PUT", "/Actions", "ActionTrackerId=2240&OrderId=NONE&" + lantern + why, "ACTION_NOT_FOUND", ""},
		"a duplicate order":                        {"POST", "/Conversions", sale + "OrderId=DRY&Amount=1", "CONV_DUPLICATE", "OrderId"},
		"an outdated ExpectedUpdateId":             {"PUT", "/Actions", "ActionId=" + action + "&" + lantern + why + "&ExpectedUpdateId=" + action + ".1", "STALE_ACTION", "ExpectedUpdateId"},
	} {
		p := s.dryRun(t, c.method, c.path, c.body)
		if len(p.Errors) != 1 || p.Errors[0].Code != c.code || p.Errors[0].Field != c.field || p.Errors[0].Message == "" {
			t.Errorf("%s: %+v", name, p)
		}
		if (p.Before == nil) != (p.After == nil) || p.Before != nil && p.DeltaPayout != "0.00" {
			t.Errorf("%s: want no change, got %+v", name, p)
		}
	}
	s.exchangeAll(t, map[string]exchange{
		"an invalid request is a 400": {method: "PUT", path: "/Actions?DryRun=true", contentType: form, body: "ActionId=" + action + "&Sku=LANTERN&Quantity=x" + why, status: 400, has: []string{`"Field":"Quantity"`}},
		"DryRun is true or false":     {method: "PUT", path: "/Actions?DryRun=perhaps", contentType: form, body: "ActionId=" + action + "&" + lantern + why, status: 400, has: []string{`"Field":"DryRun"`}},
		"in XML":                      {method: "PUT", path: "/Actions.xml?DryRun=1", contentType: form, body: "ActionId=" + action + "&" + lantern + why, has: []string{"<Status>DRY_RUN</Status><Before><Action><Id>" + action, "<ActionItems><ActionItem><Sku>LANTERN</Sku>", "</ActionItems></After><DeltaAmount>-9.63</DeltaAmount><DeltaPayout>-0.38</DeltaPayout>", "<Errors></Errors>"}},
		"strings for 13":              {method: "PUT", path: "/Actions?DryRun=true&IrVersion=13", contentType: form, body: "ActionId=" + action + "&" + lantern + why, has: []string{`"DeltaPayout":"-0.38"`}},
		"a key is ignored":            {method: "PUT", path: "/Actions?DryRun=true", contentType: form, body: "ActionId=" + action + "&" + lantern + why, header: map[string]string{"Idempotency-Key": "dry"}, has: []string{"DRY_RUN"}, wantHeader: map[string]string{"Idempotency-Replayed": ""}},
		"the action is unchanged":     {path: "/Actions/" + action, has: []string{before}},
	})
	if r := s.submit(t, "PUT", "/Actions", "DryRun=false&ActionId="+action+"&"+lantern+why); r.ErrorReason != "" || strings.Contains(r.Payload, "DryRun") {
		t.Errorf("DryRun=false: %+v", r)
	}
}

// batch returns the id of the newest submission.
func (s *service) batch(t *testing.T) string {
	t.Helper()
	var list struct {
		APISubmission []struct{ BatchId string }
	}
	s.read(t, "/APISubmissions?PageSize=1", &list)
	return list.APISubmission[0].BatchId
}

// TestSection22UndoOfAnOlderChange holds that a late or repeated undo neither pays a reversed
// fraud again nor cancels a real return.
func TestSection22UndoOfAnOlderChange(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "OLDER")
	change := func(method, body string) (batch string) {
		t.Helper()
		if r := s.submit(t, method, "/Actions", "ActionId="+action+body); r.ErrorReason != "" {
			t.Fatalf("%s %s: %+v", method, body, r)
		}
		return s.batch(t)
	}
	undo := func(batch, want string) {
		t.Helper()
		path := "/APISubmissions/" + batch + "/Undo"
		preview := s.dryRun(t, "POST", path, "")
		if got := s.submit(t, "POST", path, ""); got.ErrorReason != want || len(preview.Errors) > 0 != (want != "") {
			t.Errorf("undo: %+v, want code %q; preview %+v", got, want, preview)
		}
	}
	returned := change("PUT", "&Sku=LANTERN&Quantity=1&Reason=ORDER_UPDATE")
	undo(returned, "")
	change("PUT", "&Sku=LANTERN&Quantity=1&Reason=ORDER_UPDATE")
	undo(returned, "ALREADY_UNDONE")
	older := change("PUT", "&Sku=LANTERN&Quantity=2&Reason=ORDER_UPDATE")
	change("PUT", "&Sku=LANTERN&Quantity=1&Reason=ORDER_UPDATE")
	undo(older, "STALE_ACTION")
	older = change("PUT", "&Sku=WICK&Quantity=0&Reason=ORDER_UPDATE")
	fraud := change("DELETE", "&DispositionCode=CONS_FRAUD")
	undo(older, "ACTION_REVERSED")
	s.exchange(t, exchange{path: "/Actions/" + action, has: []string{`"State":"REVERSED"`, `"Amount":0.00,`}})
	undo(fraud, "")
}

func TestSection22Undo(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "UNDO")
	conversion := s.batch(t)
	has := func(text string) {
		t.Helper()
		s.exchange(t, exchange{path: "/Actions/" + action, has: []string{text}})
	}
	s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=LANTERN&Quantity=0&Reason=ORDER_UPDATE")
	reversed := s.batch(t)
	has(`"Amount":2.72,`)
	if p := s.dryRun(t, "POST", "/APISubmissions/"+reversed+"/Undo", "Note=x"); p.DeltaAmount != "19.27" || p.After.Action.Id != action {
		t.Errorf("preview of an undo: %+v", p)
	}
	undone := s.submit(t, "POST", "/APISubmissions/"+reversed+"/Undo", "Note=by+mistake")
	undo := s.batch(t)
	if undone.ErrorReason != "" || undone.Type != "Modification" || undone.ActionId != action || undone.Payload != "Note=by+mistake&BatchId="+reversed {
		t.Errorf("undo: %+v", undone)
	}
	has(`"Amount":21.99,`)
	s.exchange(t, exchange{path: "/Actions/" + action + "/Items/LANTERN", has: []string{`"Quantity":"2"`, `"AdjustmentReason":"UNDO"`}})
	if again := s.submit(t, "POST", "/APISubmissions/"+reversed+"/Undo", ""); again.ErrorReason != "ALREADY_UNDONE" || !strings.Contains(again.ErrorMessage, "undo the undo") {
		t.Errorf("second undo: %+v", again)
	}
	if back := s.submit(t, "POST", "/APISubmissions/"+undo+"/Undo", ""); back.ErrorReason != "" {
		t.Errorf("undo of an undo: %+v", back)
	}
	has(`"Amount":2.72,`)
	s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=NONE&Quantity=1&Reason=ORDER_UPDATE")
	failed := s.batch(t)
	s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=WICK&Quantity=1&Reason=ORDER_UPDATE")
	if nothing := s.submit(t, "POST", "/APISubmissions/"+s.batch(t)+"/Undo", ""); nothing.ErrorReason != "" {
		t.Errorf("undo of a submission without effect: %+v", nothing)
	}
	path := func(id string) string { return "/APISubmissions/" + id + "/Undo" }
	s.exchangeAll(t, map[string]exchange{
		"of a conversion":          {method: "POST", path: path(conversion), status: 400, has: []string{`"Field":"BatchId"`, "DELETE"}},
		"of a failed submission":   {method: "POST", path: path(failed), status: 400, has: []string{`"Field":"BatchId"`, "failed"}},
		"of an unknown submission": {method: "POST", path: path("A-01a20fb9-0613-8028-bc35-000000000cd8"), status: 404},
		"GET is not allowed":       {path: path(undo), status: 405, wantHeader: map[string]string{"Allow": "POST"}},
		"with another BatchId":     {method: "POST", path: path(undo) + "?BatchId=" + reversed, status: 400, has: []string{`"Field":"BatchId"`}},
		"with a long note":         {method: "POST", path: path(undo), contentType: form, body: "Note=" + longText, status: 400, has: []string{`"Field":"Note"`}},
	})
}

func TestSection22ModificationExtensions(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "EXT")
	first := s.firstUpdate(t, action)
	if r := s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=LANTERN&QuantityDelta=-1&Reason=ORDER_UPDATE&Note=one+came+back"); r.ErrorReason != "" || !strings.Contains(r.Payload, "Note=one+came+back") {
		t.Errorf("a relative quantity with a note: %+v", r)
	}
	s.exchange(t, exchange{path: "/Actions/" + action + "/Items/LANTERN", has: []string{`"Quantity":"1"`}})
	if r := s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=LANTERN&Quantity=2&Reason=ORDER_UPDATE&ExpectedUpdateId="+first); r.ErrorReason != "STALE_ACTION" {
		t.Errorf("outdated ExpectedUpdateId: %+v", r)
	}
}

func TestSection22DryRunShowsTheEffectOfTheWrite(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "APPROVE")
	const approve = "&Reason=EARLY_PAYMENT"
	p := s.dryRun(t, "PUT", "/Actions", "ActionId="+action+approve)
	if len(p.Errors) > 0 || p.Before.Action.State != "PENDING" || p.After.Action.State != "APPROVED" {
		t.Errorf("preview of an approval: %+v", p)
	}
	s.exchange(t, exchange{
		method: "PUT", path: "/Actions?DryRun=true", contentType: form, body: "ActionId=" + action + approve,
		header: map[string]string{"Idempotency-Key": strings.Repeat("x", 256)}, has: []string{"DRY_RUN"},
	})
	if p := s.dryRun(t, "POST", "/Conversions", sale+"OrderId=IR_AN_64_TS&Amount=1"); p.After.Action.Oid != "IR_AN_64_TS" {
		t.Errorf("the preview has a generated order id: %+v", p)
	}
}

func TestSection22PreviewsAndWaitingRequireReadScopes(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "SHOWN")
	writer := s.as(t, store.TokenRequest{Account: demo.Account, Scopes: []string{"actions:write"}}, nil)
	body := "ActionId=" + action + "&Sku=LANTERN&Quantity=1&Reason=ORDER_UPDATE"
	writer.exchangeAll(t, map[string]exchange{
		"a dry run requires actions:read":                 {method: "PUT", path: "/Actions?DryRun=true", contentType: form, body: body, status: 403, has: []string{"actions:read"}},
		"waiting without submissions:read is not applied": {method: "PUT", path: "/Actions", contentType: form, body: body, header: map[string]string{"Prefer": "wait=5"}, has: []string{"QUEUED"}, hasNot: []string{`"Submission":`}, wantHeader: map[string]string{"Preference-Applied": ""}},
	})
}
