package actions

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/console/page"
	"github.com/trueup-ledger/trueup/internal/console/view"
	"github.com/trueup-ledger/trueup/money"
)

// Kinds of changes: the values of the field kind.
const (
	changeItems   = "items"
	changeReverse = "reverse"
	changeReset   = "reset"
	changeUndo    = "undo"
)

// preview is the effect that a change would have.
type preview struct {
	*client.Preview

	Title string
	// Items are those before and after.
	Items []itemChange
	// Form are the fields with which the change is sent.
	Form []field
}

type field struct{ Name, Value string }

// itemChange is an item before and after a change.
type itemChange struct{ Before, After client.Item }

// Delta returns the change of the commission.
func (c itemChange) Delta() money.Amount { return c.After.Payout - c.Before.Payout }

// Preview shows what a change would do, without doing it.
func Preview(r *page.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	a, err := load(r)
	if err != nil {
		return err
	}
	a.Form = form
	command, title, problem := a.command(form, r.Person.Name)
	if problem == "" {
		a.Preview, problem, err = a.preview(r, command, title)
		if err != nil {
			return err
		}
	}
	a.Problem, a.InPreview = problem, true
	return r.RenderStatus(status(problem), actionPage, a)
}

// preview returns the effect of a command, or the sentence for which it would be rejected.
func (a *action) preview(r *page.Request, command client.Command, title string) (*preview, string, error) {
	p, err := r.Client.DryRun(r.Context(), command)
	if problem, err := explain(err); problem != "" || err != nil {
		return nil, problem, err
	}
	shown := &preview{Preview: p, Title: title}
	before := make(map[string]client.Item)
	if p.Before != nil {
		for _, item := range p.Before.Items {
			before[item.SKU] = item
		}
	}
	for _, item := range p.After.Items {
		shown.Items = append(shown.Items, itemChange{before[item.SKU], item})
	}
	for _, name := range []string{"kind", "reason", "submission", "sku", "quantity", "amount", "category"} {
		for _, value := range a.Form[name] {
			shown.Form = append(shown.Form, field{name, value})
		}
	}
	// The server rejects the change if the action has a newer update than the page.
	shown.Form = append(shown.Form, field{"expected", a.Last})
	return shown, "", nil
}

// Change sends a change and shows the action after it.
func Change(r *page.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	a, err := load(r)
	if err != nil {
		return err
	}
	a.Form = form
	command, _, problem := a.command(form, r.Person.Name)
	if problem == "" && strings.TrimSpace(form.Get("note")) == "" {
		problem = "Say why: the reason is kept with the change."
	}
	if problem == "" {
		if problem, err = send(r, command); err != nil {
			return err
		}
	}
	if problem != "" {
		a.Problem = problem
		return r.RenderStatus(http.StatusUnprocessableEntity, actionPage, a)
	}
	return r.Redirect(r.Path("actions", a.Action.ID))
}

// maxWait is the time for which the page waits until a change is applied.
const maxWait = 10 * time.Second

// send sends a command. It returns a sentence if it is rejected.
func send(r *page.Request, command client.Command) (problem string, err error) {
	var p *client.Pending
	switch c := command.(type) {
	case client.Modification:
		c.MaxWait = maxWait
		p, err = r.Client.Modify(r.Context(), c)
	case client.Reversal:
		c.MaxWait = maxWait
		p, err = r.Client.Reverse(r.Context(), c)
	case client.Reset:
		c.MaxWait = maxWait
		p, err = r.Client.Reset(r.Context(), c)
	case client.Undo:
		c.MaxWait = maxWait
		p, err = r.Client.Undo(r.Context(), c)
	default:
		err = fmt.Errorf("no change is a %T", command)
	}
	if err == nil {
		_, err = p.Wait(r.Context())
	}
	if err == nil {
		r.Toast("good", "The change is made.")
	}
	return explain(err)
}

// conflict is the sentence for a change of a state that is not the present one.
const conflict = "Somebody else changed this order in the meantime. Below is its present state: look at it and make your change again."

// explain returns the sentence of an error for the person, or else the error, which is for the log.
func explain(err error) (problem string, other error) {
	var rejection *client.Rejection
	if errors.As(err, &rejection) && rejection.Code == "STALE_ACTION" {
		return conflict, nil
	}
	if problem = page.Sentence(err); problem != "" {
		return problem, nil
	}
	return "", err
}

// maxNote is the maximum number of characters of a note of the protocol.
const maxNote = 255

// note returns the reason with the person who gives it, as the ledger keeps it.
func note(reason, person string) string {
	by := " – " + person + ", by the console"
	if reason = strings.TrimSpace(reason); reason == "" {
		return ""
	}
	if n := maxNote - utf8.RuneCountInString(by); utf8.RuneCountInString(reason) > n {
		reason = string([]rune(reason)[:max(n, 0)])
	}
	return reason + by
}

// command returns the command of a form with a title. It returns a sentence if the form is wrong.
func (a *action) command(form url.Values, person string) (command client.Command, title, problem string) {
	if seen := form.Get("expected"); seen != "" && seen != a.Last {
		a.Form = url.Values{} // its values are those of an older state
		return nil, "", conflict
	}
	id, expected, reason, why := a.Action.ID, form.Get("expected"), form.Get("reason"), note(form.Get("note"), person)
	switch form.Get("kind") {
	case changeItems:
		m := client.Modification{ActionID: id, ExpectedUpdateID: expected, Note: why, Currency: a.Action.Currency}
		if m.Items, problem = a.itemChanges(form); problem != "" {
			return nil, "", problem
		}
		return m, "Change items", ""
	case changeReverse:
		if reason == "" {
			return nil, "", "Choose the reason of the reversal."
		}
		return client.Reversal{ActionID: id, ExpectedUpdateID: expected, Reason: reason, Note: why}, "Reverse the whole order", ""
	case changeReset:
		return client.Reset{ActionID: id, ExpectedUpdateID: expected, Note: why}, "Reset to what was tracked", ""
	case changeUndo:
		if form.Get("submission") == "" {
			return nil, "", "Choose the change to undo."
		}
		return client.Undo{SubmissionID: form.Get("submission"), ExpectedUpdateID: expected, Note: why}, "Undo a change", ""
	default:
		return nil, "", "Choose what to change."
	}
}

// itemChanges returns the items whose fields differ from the present ones.
func (a *action) itemChanges(form url.Values) (changes []client.ItemChange, problem string) {
	skus, quantities, amounts, categories := form["sku"], form["quantity"], form["amount"], form["category"]
	if len(quantities) != len(skus) || len(amounts) != len(skus) || len(categories) != len(skus) {
		return nil, "The form is incomplete: reload the page and make the change again."
	}
	items := make(map[string]client.Item, len(a.Items))
	for _, item := range a.Items {
		items[item.SKU] = item
	}
	for i, sku := range skus {
		item, found := items[sku]
		if !found {
			return nil, "The order has no item " + sku + " any more: reload the page."
		}
		change, changed, problem := a.itemChange(item, quantities[i], amounts[i], categories[i])
		if problem != "" {
			return nil, problem
		}
		if changed {
			changes = append(changes, change)
		}
	}
	if len(changes) == 0 {
		return nil, "Nothing differs from the present values: change a quantity, an amount or a category first."
	}
	return changes, ""
}

// itemChange returns the fields of an item that differ from the present ones, and whether any does.
func (a *action) itemChange(item client.Item, quantity, amount, category string) (change client.ItemChange, changed bool, problem string) {
	change.SKU = item.SKU
	n, err := strconv.Atoi(strings.TrimSpace(quantity))
	if err != nil || n < 0 || n > maxQuantity {
		return change, false, fmt.Sprintf("The quantity of %s must be a whole number from 0 to %d.", item.SKU, maxQuantity)
	}
	if n != item.Quantity {
		change.Quantity, changed = &n, true
	}
	sum, err := parseAmount(a.Action.Currency, amount)
	if err != nil || sum < 0 {
		return change, false, fmt.Sprintf("The amount of %s must be a number from 0 with a decimal point, such as %s.", item.SKU, view.Digits(example, a.Action.Currency))
	}
	if sum != item.SaleAmount { // one that was left at its present value follows the quantity
		change.Amount, changed = &sum, true
	}
	if category = strings.TrimSpace(category); category != item.Category && category != "" {
		change.Category, changed = category, true
	}
	return change, changed, ""
}

// example is an amount in the smallest units of a currency.
const example = 123450

// grouped is an amount with commas between groups of three digits.
var grouped = regexp.MustCompile(`^[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?$`)

// parseAmount reads an amount. Other commas than those of groups are refused, because a decimal comma
// would change the amount.
func parseAmount(c money.Currency, text string) (money.Amount, error) {
	text = strings.TrimSpace(text)
	if grouped.MatchString(text) {
		text = strings.ReplaceAll(text, ",", "")
	}
	return c.ParseAmount(text)
}

// maxQuantity is the maximum quantity of the protocol.
const maxQuantity = 999_999_999
