package client_test

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/openapi"
	"github.com/trueup-ledger/trueup/money"
)

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

func TestNewChecksItsOptions(t *testing.T) {
	for name, o := range map[string]client.Options{
		"a URL without a scheme":    {BaseURL: "ledger.example"},
		"a URL of another scheme":   {BaseURL: "ftp://ledger.example"},
		"a URL with a password":     {BaseURL: "https://sid:token@ledger.example"},
		"a URL with a query":        {BaseURL: "https://ledger.example?a=b"},
		"a URL that does not parse": {BaseURL: "https://[ledger"},
	} {
		if _, err := client.New(o); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	t.Setenv(client.EnvToken, "")
	if _, err := client.New(client.Options{BaseURL: "https://ledger.example", SID: "A"}); err == nil {
		t.Error("missing credentials are accepted")
	}
}

func TestListsFollowPages(t *testing.T) {
	c, ctx := demo.Client, t.Context()
	f := client.ActionFilter{CampaignID: 1000, ActionDateStart: time.Now().AddDate(0, 0, -20), ActionDateEnd: time.Now(), PageSize: 100}
	paged := take(t, c.Actions(ctx, f), 350)
	f.PageSize = 20_000
	whole := take(t, c.Actions(ctx, f), 350)
	if len(paged) != 350 || len(whole) != 350 {
		t.Fatalf("%d and %d actions", len(paged), len(whole))
	}
	for i := range paged {
		if paged[i].ID != whole[i].ID {
			t.Fatalf("action %d is %s and %s", i, paged[i].ID, whole[i].ID)
		}
	}
}

func TestAListEndsWithItsError(t *testing.T) {
	calls := 0
	for _, err := range demo.Client.Actions(t.Context(), client.ActionFilter{State: "LOST"}) {
		calls++
		var e *client.Error
		if !errors.As(err, &e) || e.Status != http.StatusBadRequest || e.RequestID == "" || len(e.Fields) != 1 || e.Fields[0].Field != "State" {
			t.Errorf("the error is %#v", err)
		}
	}
	if calls != 1 {
		t.Errorf("%d iterations", calls)
	}
}

func TestEveryKindOfObjectIsRead(t *testing.T) {
	c, ctx := demo.Client, t.Context()
	order(ctx, c, "OBJECTS-1")
	action := take(t, c.Actions(ctx, client.ActionFilter{OrderID: "OBJECTS-1"}), 1)[0]
	if action.Payout != 88 || action.Amount != 2199 || action.Currency != "USD" || action.State != "PENDING" || action.CampaignName == "" || action.EventDate.IsZero() {
		t.Errorf("the action is %+v", action)
	}
	item, err := c.Item(ctx, action.ID, "LANTERN")
	if err != nil || item.SaleAmount != 1927 || item.Quantity != 2 || item.Payout != 77 {
		t.Errorf("the item is %+v (%v)", item, err)
	}
	if items := take(t, c.ItemsAsOf(ctx, action.ID, time.Now()), 9); len(items) != 2 {
		t.Errorf("the items are %+v", items)
	}
	update := take(t, c.UpdatesOfAction(ctx, action.ID), 1)[0]
	if same, err := c.Update(ctx, update.ID); err != nil || *same != update {
		t.Errorf("the update is %+v (%v), in the list %+v", same, err, update)
	}
	invoice := take(t, c.Invoices(ctx, client.InvoiceFilter{}), 1)[0]
	if same, err := c.Invoice(ctx, invoice.ID); err != nil || same.TotalAmount != invoice.TotalAmount || same.TotalAmount <= 0 || len(same.LineItems) == 0 {
		t.Errorf("the invoice is %+v (%v)", same, err)
	}
	balance := take(t, c.Balances(ctx), 1)[0]
	if same, err := c.Balance(ctx, balance.MediaPartnerID); err != nil || same.Invoiced < same.Paid || same.Currency != "USD" {
		t.Errorf("the balance is %+v (%v)", same, err)
	}
	adjustment := take(t, c.Adjustments(ctx, client.AdjustmentFilter{}), 1)[0]
	if effective, err := c.EffectiveAction(ctx, adjustment.ActionID); err != nil || effective.ID != adjustment.ActionID {
		t.Errorf("the effective action is %+v (%v)", effective, err)
	}
	company, err := c.Company(ctx)
	if err != nil || company.CompanyName != "Trueup Demo" || company.CorporateAddress.City != "Oakland" {
		t.Errorf("the company is %+v (%v)", company, err)
	}
	partner, err := c.Partner(ctx, 10005)
	if err != nil || partner.Currency != "EUR" || len(partner.Programs) != 1 {
		t.Errorf("the partner is %+v (%v)", partner, err)
	}
	contract, err := c.Contract(ctx, 1000, "S-3240326")
	if err != nil || contract.TemplateTerms.EventPayouts[0].DefaultPayoutRate != money.Whole(4) || contract.StartDate.IsZero() {
		t.Errorf("the contract is %+v (%v)", contract, err)
	}
	if codes := take(t, c.PromoCodes(ctx, client.PromoCodeFilter{Code: "bright5"}), 9); len(codes) != 1 || codes[0].AssignedPartnerID != 10001 {
		t.Errorf("the promo codes are %+v", codes)
	}
	if ads := take(t, c.Collection(ctx, "/Ads", "Ads", nil), 1); len(ads) != 0 {
		t.Errorf("the ads are %s", ads)
	}
}

func TestAnObjectThatIsMissingIsNotFound(t *testing.T) {
	for name, err := range map[string]error{
		"action": second(demo.Client.Action(t.Context(), "1000.1.1")),
		"click":  second(demo.Client.Click(t.Context(), 1000, "none")),
		"group":  second(demo.Client.Group(t.Context(), 1000, 99)),
	} {
		if !errors.Is(err, client.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestWritesReturnTheirSubmission(t *testing.T) {
	c, ctx := demo.Client, t.Context()
	order(ctx, c, "WRITES-1")
	payout := func() money.Amount {
		return take(t, c.Actions(ctx, client.ActionFilter{OrderID: "WRITES-1"}), 1)[0].Payout
	}
	change := client.Modification{
		ActionTrackerID: 2240, OrderID: "WRITES-1", Currency: "USD",
		Items:        []client.ItemChange{{SKU: "LANTERN", Amount: new(money.Amount(1000))}, {SKU: "WICK", Quantity: new(0)}},
		WriteOptions: client.WriteOptions{IdempotencyKey: "writes-1", MaxWait: 5 * time.Second},
	}
	write, err := c.Modify(ctx, change)
	if err != nil {
		t.Fatal(err)
	}
	s, err := write.Wait(ctx)
	if err != nil || s.Status != client.StatusComplete || s.Type != "Modification" || s.ID != write.SubmissionID || payout() != 40 {
		t.Errorf("the submission is %+v (%v), the payout %d", s, err, payout())
	}
	again, err := c.Modify(ctx, change)
	if err != nil || !again.Replayed || again.SubmissionID != write.SubmissionID {
		t.Errorf("the repeated write is %+v (%v)", again, err)
	}
	undo, err := c.Undo(ctx, client.Undo{SubmissionID: write.SubmissionID})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := undo.Wait(ctx); err != nil || payout() != 88 {
		t.Errorf("after an undo the payout is %d (%v)", payout(), err)
	}
	if write, err = c.Reverse(ctx, client.Reversal{ActionTrackerID: 2240, OrderID: "WRITES-1", Reason: "OTHER"}); err == nil {
		_, err = write.Wait(ctx)
	}
	if err != nil || payout() != 0 {
		t.Errorf("after a reversal the payout is %d (%v)", payout(), err)
	}
	if write, err = c.Reset(ctx, client.Reset{ActionTrackerID: 2240, OrderID: "WRITES-1"}); err == nil {
		_, err = write.Wait(ctx)
	}
	if err != nil || payout() != 88 {
		t.Errorf("after a reset the payout is %d (%v)", payout(), err)
	}
	change.IdempotencyKey, change.Currency = "", ""
	if _, err := c.Modify(ctx, change); err == nil {
		t.Error("an amount without a currency is sent")
	}
}

func TestADryRunChangesNothing(t *testing.T) {
	c, ctx := demo.Client, t.Context()
	order(ctx, c, "DRY-1")
	change := client.Modification{ActionTrackerID: 2240, OrderID: "DRY-1", Items: []client.ItemChange{{SKU: "LANTERN", Quantity: new(0)}}}
	p, err := c.DryRun(ctx, change)
	if err != nil || p.DeltaPayout != -77 || p.DeltaAmount != -1927 || p.Before.Action.Payout != 88 || p.After.Items[0].Quantity != 0 {
		t.Errorf("the preview is %+v (%v)", p, err)
	}
	if a := take(t, c.Actions(ctx, client.ActionFilter{OrderID: "DRY-1"}), 1)[0]; a.Payout != 88 {
		t.Errorf("after a dry run the payout is %d", a.Payout)
	}
	change.Items[0].SKU = "CANDLE"
	var rejection *client.Rejection
	if p, err := c.DryRun(ctx, change); !errors.As(err, &rejection) || rejection.Code != "ITEM_NOT_FOUND" || rejection.Message == "" || p == nil {
		t.Errorf("the rejection is %#v, the preview %+v", err, p)
	}
	file := "ActionTrackerId,OrderId,Sku,Quantity,Reason\n2240,DRY-1,LANTERN,1,ORDER_UPDATE\n2240,DRY-1,CANDLE,1,ORDER_UPDATE\n"
	f, err := c.DryRunFile(ctx, client.Upload{Name: "dry.csv", Content: strings.NewReader(file)})
	if err != nil || f.TotalRecords != 2 || f.TotalErrors != 1 || f.Errors[0].Line != 3 || f.MediaPartners[0].DeltaPayout.String() != "-0.38" {
		t.Errorf("the preview of the file is %+v (%v)", f, err)
	}
}

func TestReferenceDataAreWritten(t *testing.T) {
	c, ctx := demo.Client, t.Context()
	id, err := c.CreateGroup(ctx, 1000, client.NewGroup{Name: "Reviewers", MediaPartners: []int{10001, 10002}})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.UpdateGroup(ctx, 1000, id, client.GroupUpdate{MediaPartnersRemove: []int{10002}}); err != nil {
		t.Error(err)
	}
	if g, err := c.Group(ctx, 1000, id); err != nil || g.Name != "Reviewers" || len(g.MediaPartners) != 1 || g.MediaPartners[0].PartnerID != 10001 {
		t.Errorf("the group is %+v (%v)", g, err)
	}
	if err := c.DeleteGroup(ctx, 1000, id); err != nil || !errors.Is(second(c.Group(ctx, 1000, id)), client.ErrNotFound) {
		t.Errorf("the group is not deleted (%v)", err)
	}
	id, err = c.CreatePromoCode(ctx, client.NewPromoCode{CampaignID: 1000, AssignedPartnerID: 10003, Code: "SUMMER", CreditPolicy: "WINNER", Type: "LI"})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.DeletePromoCode(ctx, id); err != nil {
		t.Error(err)
	}
	if p, err := c.PromoCode(ctx, id); err != nil || p.State != "INACTIVE" {
		t.Errorf("the promo code is %+v (%v)", p, err)
	}
	if err := c.SetPartnerValues(ctx, 10003, client.PartnerValuesUpdate{Value2: new("gold")}); err != nil {
		t.Error(err)
	}
	if p, err := c.Partner(ctx, 10003); err != nil || p.PartnerValues.Value2 != "gold" {
		t.Errorf("the values are %+v (%v)", p, err)
	}
	if err := c.SetPartnerValues(ctx, 10003, client.PartnerValuesUpdate{Value2: new("")}); err != nil {
		t.Error(err)
	}
	if p, err := c.Partner(ctx, 10003); err != nil || p.PartnerValues.Value2 != "" {
		t.Errorf("the values are %+v (%v)", p, err)
	}
}

func TestStreamsAreComplete(t *testing.T) {
	c, ctx := demo.Client, t.Context()
	invoice := take(t, c.Invoices(ctx, client.InvoiceFilter{}), 1)[0]
	pdf, err := c.InvoicePDF(ctx, invoice.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer pdf.Close()
	if text, err := io.ReadAll(pdf); err != nil || !bytes.HasPrefix(text, []byte("%PDF-")) {
		t.Errorf("the PDF begins with %.20q (%v)", text, err)
	}
	order(ctx, c, "EXPORT-1")
	export, err := c.Export(ctx, client.Export{Resource: client.ExportItems, Parameters: client.Parameters(client.ActionFilter{OrderID: "EXPORT-1", PageSize: 5})})
	if err != nil {
		t.Fatal(err)
	}
	defer export.Close()
	if text, err := io.ReadAll(export); err != nil || bytes.Count(text, []byte("\n")) != 3 {
		t.Errorf("the export is %s (%v)", text, err)
	}
}

func TestTheProgramIsReady(t *testing.T) {
	c, ctx := demo.Client, t.Context()
	if err := errors.Join(c.Health(ctx), c.Ready(ctx)); err != nil {
		t.Error(err)
	}
	want, err := openapi.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.Document(ctx); err != nil || !bytes.Equal(got, want) {
		t.Errorf("the document has %d bytes (%v), want %d", len(got), err, len(want))
	}
}

func TestCallReachesTheAdminAPI(t *testing.T) {
	c, err := client.New(client.Options{BaseURL: demo.AdminURL, SID: demo.AdminSID, Token: demo.AdminToken})
	if err != nil {
		t.Fatal(err)
	}
	created, err := c.Call(t.Context(), client.Request{Method: http.MethodPost, Path: "/tokens", Body: map[string]any{"account": 1, "name": "call", "read_only": true}})
	if err != nil || !bytes.Contains(created, []byte(`"secret"`)) {
		t.Errorf("the token is %s (%v)", created, err)
	}
	if tokens, err := c.Call(t.Context(), client.Request{Path: "/tokens?account=1"}); err != nil || !bytes.Contains(tokens, []byte(`"call"`)) {
		t.Errorf("the tokens are %s (%v)", tokens, err)
	}
}

func TestDownloadReachesTheAdminAPI(t *testing.T) {
	c, err := client.New(client.Options{BaseURL: demo.AdminURL, SID: demo.AdminSID, Token: demo.AdminToken})
	if err != nil {
		t.Fatal(err)
	}
	file, err := c.Download(t.Context(), client.Request{Path: "/accounts/1/invoices/export"})
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if text, err := io.ReadAll(file); err != nil || !bytes.Contains(text, []byte("10002-1")) {
		t.Errorf("the export is %.80q (%v)", text, err)
	}
}

func TestARepeatedFileNamesTheEarlierOne(t *testing.T) {
	c, ctx := demo.Client, t.Context()
	file := client.Upload{Name: "amounts.csv", Content: strings.NewReader("ActionTrackerId;OrderId;Sku;Amount;Reason;Shelf\n2240;REPEATED;A;1,50;ORDER_UPDATE;7\n")}
	effect, err := c.DryRunFile(ctx, file)
	if err != nil || effect.TotalErrors != 1 || !slices.Equal(effect.Ignored, []string{"Shelf"}) {
		t.Errorf("the effect is %+v (%v)", effect, err)
	}
	first, err := c.Import(ctx, file)
	if err != nil || first.Format != "semicolons, UTF-8, 6 columns" || first.DecimalSeparator != "," || !slices.Equal(first.Ignored, []string{"Shelf"}) {
		t.Fatalf("the import is %+v (%v)", first, err)
	}
	if f, err := first.Wait(ctx); err != nil || f.TotalRecords != 1 || f.AppliedRecords != 1 || f.TotalErrors != 1 {
		t.Errorf("the file is %+v (%v)", f, err)
	}
	_, err = c.Import(ctx, file)
	if conflict := (*client.Error)(nil); !errors.As(err, &conflict) || conflict.Status != http.StatusConflict || path.Base(conflict.Location) != first.FileID {
		t.Errorf("the error is %v, %+v", err, conflict)
	}
}
