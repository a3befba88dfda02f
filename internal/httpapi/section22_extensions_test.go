package httpapi_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
)

// preview is what a dry run shows.
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

// dry makes a dry run.
func (s *service) dry(t *testing.T, method, path, body string) (p preview) {
	t.Helper()
	answer := s.exchange(t, exchange{method: method, path: path, contentType: form, body: body + "&DryRun=true", has: []string{`"Status":"DRY_RUN"`}})
	if err := json.Unmarshal([]byte(answer), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSection22DryRun(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "DRY")
	was := s.exchange(t, exchange{path: "/Actions/" + action})
	const lantern, why = "Sku=LANTERN&Quantity=1", "&Reason=ORDER_UPDATE"
	item := s.dry(t, "PUT", "/Actions", "ActionId="+action+"&"+lantern+why)
	if item.DeltaAmount != "-9.63" || item.DeltaPayout != "-0.38" || len(item.Errors) != 0 || item.Queued != "0" ||
		item.Before.ActionItems[0].SaleAmount != "19.27" || item.After.ActionItems[0].SaleAmount != "9.64" || item.After.Action.Id != action {
		t.Errorf("a return is shown as %+v", item)
	}
	order := s.dry(t, "POST", "/Conversions", sale+"OrderId=DRY-2&ItemSku1=A&ItemPrice1=10")
	if order.Before != nil || order.After.Action.Id != "" || order.After.Action.Uri != "" || order.After.ActionItems[0].Uri != "" ||
		order.After.Action.Oid != "DRY-2" || order.DeltaPayout != "0.40" {
		t.Errorf("an order is shown as %+v", order)
	}
	whole := s.dry(t, "DELETE", "/Actions", "ActionId="+action+"&DispositionCode=REJECTED")
	if whole.After.Action.State != "REVERSED" || whole.DeltaPayout != "-0.88" {
		t.Errorf("a reversal is shown as %+v", whole)
	}
	for says, c := range map[string]struct{ method, path, body, code, field string }{
		"an item that is not there":    {"PUT", "/Actions", "ActionId=" + action + "&Sku=NONE&Quantity=1" + why, "ITEM_NOT_FOUND", "Sku"},
		"the field as it was spelled":  {"PUT", "/Actions", "ActionId=" + action + "&ItemSku=NONE&Quantity=1" + why, "ITEM_NOT_FOUND", "ItemSku"},
		"an action that is not there":  {"PUT", "/Actions", "ActionTrackerId=2240&OrderId=NONE&" + lantern + why, "ACTION_NOT_FOUND", ""},
		"an order that is there":       {"POST", "/Conversions", sale + "OrderId=DRY&Amount=1", "CONV_DUPLICATE", "OrderId"},
		"an update that is not newest": {"PUT", "/Actions", "ActionId=" + action + "&" + lantern + why + "&ExpectedUpdateId=" + action + ".1", "STALE_ACTION", "ExpectedUpdateId"},
	} {
		p := s.dry(t, c.method, c.path, c.body)
		if len(p.Errors) != 1 || p.Errors[0].Code != c.code || p.Errors[0].Field != c.field || p.Errors[0].Message == "" {
			t.Errorf("%s: %+v", says, p)
		}
		if (p.Before == nil) != (p.After == nil) || p.Before != nil && p.DeltaPayout != "0.00" {
			t.Errorf("%s changes nothing, and shows %+v", says, p)
		}
	}
	s.hold(t, map[string]exchange{
		"what the request alone shows is a 400":   {method: "PUT", path: "/Actions?DryRun=true", contentType: form, body: "ActionId=" + action + "&Sku=LANTERN&Quantity=x" + why, status: 400, has: []string{`"Field":"Quantity"`}},
		"DryRun is true or false":                 {method: "PUT", path: "/Actions?DryRun=perhaps", contentType: form, body: "ActionId=" + action + "&" + lantern + why, status: 400, has: []string{`"Field":"DryRun"`}},
		"in XML":                                  {method: "PUT", path: "/Actions.xml?DryRun=1", contentType: form, body: "ActionId=" + action + "&" + lantern + why, has: []string{"<Status>DRY_RUN</Status><Before><Action><Id>" + action, "<ActionItems><ActionItem><Sku>LANTERN</Sku>", "</ActionItems></After><DeltaAmount>-9.63</DeltaAmount><DeltaPayout>-0.38</DeltaPayout>", "<Errors></Errors>"}},
		"in texts for 13":                         {method: "PUT", path: "/Actions?DryRun=true&IrVersion=13", contentType: form, body: "ActionId=" + action + "&" + lantern + why, has: []string{`"DeltaPayout":"-0.38"`}},
		"a key is for what takes effect":          {method: "PUT", path: "/Actions?DryRun=true", contentType: form, body: "ActionId=" + action + "&" + lantern + why, header: map[string]string{"Idempotency-Key": "dry"}, has: []string{"DRY_RUN"}, sends: map[string]string{"Idempotency-Replayed": ""}},
		"nothing was queued, nothing has changed": {path: "/Actions/" + action, has: []string{was}},
		"nor is it for inquiries":                 {method: "PUT", path: "/ActionInquiries?DryRun=true&Id=1&ResolutionStatus=INCOMPLETE", status: 400, has: []string{`"Field":"DryRun"`}},
	})
	if r := s.submit(t, "PUT", "/Actions", "DryRun=false&ActionId="+action+"&"+lantern+why); r.ErrorReason != "" || strings.Contains(r.Payload, "DryRun") {
		t.Errorf("what is no dry run: %+v", r)
	}
}

// batch answers the newest submission's id.
func (s *service) batch(t *testing.T) string {
	t.Helper()
	var list struct {
		APISubmission []struct{ BatchId string }
	}
	s.read(t, "/APISubmissions?PageSize=1", &list)
	return list.APISubmission[0].BatchId
}

func TestSection22Undo(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "UNDO")
	conversion := s.batch(t)
	shown := func(text string) {
		t.Helper()
		s.exchange(t, exchange{path: "/Actions/" + action, has: []string{text}})
	}
	s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=LANTERN&Quantity=0&Reason=ORDER_UPDATE")
	gone := s.batch(t)
	shown(`"Amount":2.72,`)
	if p := s.dry(t, "POST", "/APISubmissions/"+gone+"/Undo", "Note=x"); p.DeltaAmount != "19.27" || p.After.Action.Id != action {
		t.Errorf("undoing is shown as %+v", p)
	}
	undone := s.submit(t, "POST", "/APISubmissions/"+gone+"/Undo", "Note=by+mistake")
	undo := s.batch(t)
	if undone.ErrorReason != "" || undone.Type != "Modification" || undone.ActionId != action || undone.Payload != "Note=by+mistake&BatchId="+gone {
		t.Errorf("undoing: %+v", undone)
	}
	shown(`"Amount":21.99,`)
	s.exchange(t, exchange{path: "/Actions/" + action + "/Items/LANTERN", has: []string{`"Quantity":"2"`, `"AdjustmentReason":"UNDO"`}})
	if again := s.submit(t, "POST", "/APISubmissions/"+gone+"/Undo", ""); again.ErrorReason != "STALE_ACTION" || !strings.Contains(again.ErrorMessage, "changed again since") {
		t.Errorf("undoing twice: %+v", again)
	}
	if back := s.submit(t, "POST", "/APISubmissions/"+undo+"/Undo", ""); back.ErrorReason != "" {
		t.Errorf("undoing the undoing: %+v", back)
	}
	shown(`"Amount":2.72,`)
	s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=NONE&Quantity=1&Reason=ORDER_UPDATE")
	failed := s.batch(t)
	s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=WICK&Quantity=1&Reason=ORDER_UPDATE")
	if nothing := s.submit(t, "POST", "/APISubmissions/"+s.batch(t)+"/Undo", ""); nothing.ErrorReason != "" {
		t.Errorf("undoing what changed nothing: %+v", nothing)
	}
	path := func(id string) string { return "/APISubmissions/" + id + "/Undo" }
	s.hold(t, map[string]exchange{
		"of a conversion":            {method: "POST", path: path(conversion), status: 400, has: []string{`"Field":"BatchId"`, "DELETE"}},
		"of one that failed":         {method: "POST", path: path(failed), status: 400, has: []string{`"Field":"BatchId"`, "failed"}},
		"of one that does not exist": {method: "POST", path: path("A-01a20fb9-0613-8028-bc35-000000000cd8"), status: 404},
		"is not read":                {path: path(undo), status: 405, sends: map[string]string{"Allow": "POST"}},
		"with another BatchId":       {method: "POST", path: path(undo) + "?BatchId=" + gone, status: 400, has: []string{`"Field":"BatchId"`}},
		"with a long note":           {method: "POST", path: path(undo), contentType: form, body: "Note=" + longText, status: 400, has: []string{`"Field":"Note"`}},
	})
}

func TestSection22AsOfAndUpdates(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.action(t, "EXAMPLE-A")
	s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=12345&Quantity=1&Reason=ORDER_UPDATE")
	of := "/Actions/" + action
	s.hold(t, map[string]exchange{
		"as of tomorrow it is what it is":   {path: of + "?AsOf=" + ago(-1), has: []string{`"Amount":12.36,`}},
		"as of now":                         {path: of + "?AsOf=" + ago(0), has: []string{`"Amount":12.36,`}},
		"as of yesterday it was not there":  {path: of + "?AsOf=" + ago(1), status: 404},
		"its items neither":                 {path: of + "/Items?AsOf=" + ago(1), status: 404},
		"nor one of them":                   {path: of + "/Items/12345?AsOf=" + ago(1), status: 404},
		"an instant that is none":           {path: of + "?AsOf=then", status: 400, has: []string{`"Field":"AsOf"`}},
		"a date is one":                     {path: of + "?AsOf=2020-01-01", status: 404},
		"pages of items are as of then":     {path: of + "/Items?PageSize=1&AsOf=" + ago(-1), has: []string{"AsOf="}},
		"the history, newest first":         {path: of + "/Updates", has: []string{`"@total":"3"`, `"ActionUpdates":[{"Id":"` + action, `"Disposition":"ORDER_UPDATE"`, `"Disposition":"IR_BLANK"`}},
		"the history in pages":              {path: of + "/Updates?PageSize=2", has: []string{`"@numpages":"2"`, `"@nextpageuri":"/Advertisers/`}},
		"the history in XML":                {path: of + "/Updates.xml", has: []string{`<ActionUpdates page="1"`}},
		"of an action that is not":          {path: "/Actions/1000.2240.99999999/Updates", status: 404},
		"of an id that is none":             {path: "/Actions/7/Updates", status: 404},
		"nothing is written to the history": {method: http.MethodPut, path: of + "/Updates", status: 405},
	})
}

func TestSection22OfModifications(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "EXT")
	first := s.firstUpdate(t, action)
	if r := s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=LANTERN&QuantityDelta=-1&Reason=ORDER_UPDATE&Note=one+came+back"); r.ErrorReason != "" || !strings.Contains(r.Payload, "Note=one+came+back") {
		t.Errorf("a relative quantity with a note: %+v", r)
	}
	s.exchange(t, exchange{path: "/Actions/" + action + "/Items/LANTERN", has: []string{`"Quantity":"1"`}})
	if r := s.submit(t, "PUT", "/Actions", "ActionId="+action+"&Sku=LANTERN&Quantity=2&Reason=ORDER_UPDATE&ExpectedUpdateId="+first); r.ErrorReason != "STALE_ACTION" {
		t.Errorf("the caller had not seen the newest update: %+v", r)
	}
}

func TestSection22DryRunShowsWhatTheWriteThenDoes(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "APPROVE")
	const approve = "&Reason=EARLY_PAYMENT"
	p := s.dry(t, "PUT", "/Actions", "ActionId="+action+approve)
	if len(p.Errors) > 0 || p.Before.Action.State != "PENDING" || p.After.Action.State != "APPROVED" {
		t.Errorf("approving is shown as %+v", p)
	}
	s.exchange(t, exchange{
		method: "PUT", path: "/Actions?DryRun=true", contentType: form, body: "ActionId=" + action + approve,
		header: map[string]string{"Idempotency-Key": strings.Repeat("x", 256)}, has: []string{"DRY_RUN"},
	})
	if p := s.dry(t, "POST", "/Conversions", sale+"OrderId=IR_AN_64_TS&Amount=1"); p.After.Action.Oid != "IR_AN_64_TS" {
		t.Errorf("an order id is promised: %+v", p)
	}
}

func TestSection22AsOfIsWhatWasReadThen(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "PAST")
	paths := []string{"/Actions/" + action, "/Actions/" + action + "/Items", "/Actions/" + action + "/Items/LANTERN.xml"}
	type noted struct {
		at      time.Time
		answers []string
	}
	var history []noted
	note := func() {
		t.Helper()
		n := noted{at: s.now()}
		for _, path := range paths {
			n.answers = append(n.answers, objects(s.exchange(t, exchange{path: path})))
		}
		history = append(history, n)
		s.ahead.Add(int64(time.Hour))
	}
	note()
	for _, body := range []string{
		"Sku=LANTERN&Quantity=1&Reason=ORDER_UPDATE", "Amount=0&Reason=OTHER", "Reason=RESET", "Reason=EARLY_PAYMENT",
	} {
		if r := s.submit(t, "PUT", "/Actions", "ActionId="+action+"&"+body); r.ErrorReason != "" {
			t.Fatalf("%s: %+v", body, r)
		}
		note()
	}
	states := make(map[string]bool)
	for i, n := range history {
		_, state, _ := strings.Cut(n.answers[0], `"State":"`)
		states[state[:len("PENDING")]] = true
		for _, spelling := range []string{"2006-01-02T15:04:05-07:00", "2006-01-02T15:04:05-0700", "2006-01-02T15:04:05.000Z07:00"} {
			for j, path := range paths {
				got := objects(s.exchange(t, exchange{path: path + "?AsOf=" + n.at.UTC().Format(spelling)}))
				if got != n.answers[j] {
					t.Errorf("%s as of change %d:\n%s\nwas\n%s", path, i, got, n.answers[j])
				}
			}
		}
	}
	if len(states) != 3 {
		t.Errorf("the states were %v", states)
	}
}

func TestSection22AsOfHasTheStateOfThen(t *testing.T) {
	t.Parallel()
	s := serve(t)
	of := "/Actions/" + s.order(t, "LOCKS")
	then := s.now().UTC().Format(time.RFC3339)
	s.ahead.Add(int64((ledger.OpenEndedDays + 2) * 24 * time.Hour)) // at the latest
	s.hold(t, map[string]exchange{
		"it is locked by now": {path: of, has: []string{`"State":"APPROVED"`}},
		"and was not then":    {path: of + "?AsOf=" + then, has: []string{`"State":"PENDING"`}},
		"in XML":              {path: of + ".xml?AsOf=" + then, has: []string{"<State>PENDING</State>"}},
	})
}

// objects answers a body without what its pages carry of the query.
func objects(body string) string {
	_, found, list := strings.Cut(body, `"ActionItems":`)
	if list {
		return found
	}
	return body
}

func TestSection22WhatIsShownIsForWhoMayRead(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "SHOWN")
	writer := s.as(t, store.Grant{Account: demo.Account, Scopes: []string{"actions:write"}}, nil)
	body := "ActionId=" + action + "&Sku=LANTERN&Quantity=1&Reason=ORDER_UPDATE"
	writer.hold(t, map[string]exchange{
		"a dry run shows the action":   {method: "PUT", path: "/Actions?DryRun=true", contentType: form, body: body, status: 403, has: []string{"actions:read"}},
		"waiting shows the submission": {method: "PUT", path: "/Actions", contentType: form, body: body, header: map[string]string{"Prefer": "wait=5"}, has: []string{"QUEUED"}, hasNot: []string{`"Submission":`}, sends: map[string]string{"Preference-Applied": ""}},
	})
}
