package actions

import (
	"cmp"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/console/page"
	"github.com/trueup-ledger/trueup/internal/console/view"
	"github.com/trueup-ledger/trueup/ledger/program"
)

var actionPage = view.Parse(templates, "templates/action.html", "templates/change.html", "templates/timeline.html")

// maxHistory is the number of updates, adjustments and submissions that the page of an action shows.
const maxHistory = 200

// action is the data of the page of an action.
type action struct {
	// Action and Items are the effective ones: with the adjustments of a locked action.
	Action *client.Action
	Items  []client.Item
	// Last is the id of the newest update or adjustment.
	Last     string
	Timeline []event
	// MayChange reports whether the person may change the action.
	MayChange bool
	// Reversals are the reasons of a reversal.
	Reversals []string

	// Form holds the values of a form that was sent, Problem its error and Preview its effect.
	Form    url.Values
	Problem string
	Preview *preview
	// Live reports whether the request is one for the preview alone, while the person types.
	Live bool
}

// Get shows an action with its items and its history.
func Get(r *page.Request) error {
	a, err := load(r)
	if err != nil {
		return err
	}
	return r.Render(actionPage, a)
}

// load reads an action.
func load(r *page.Request) (a *action, err error) {
	ctx, id := r.Context(), r.R.PathValue("action")
	a = &action{MayChange: r.MayOperate(), Live: r.R.Header.Get("HX-Request") != "", Reversals: program.ReversalReasons, Form: url.Values{}}
	if a.Action, err = r.Client.Action(ctx, id); err != nil {
		return nil, err
	}
	r.Title = cmp.Or(a.Action.OrderID, a.Action.ID)
	items := r.Client.Items(ctx, id)
	if a.Locked() {
		if a.Action, err = r.Client.EffectiveAction(ctx, id); err != nil {
			return nil, err
		}
		items = r.Client.EffectiveItems(ctx, id)
	}
	if a.Items, err = collect(items); err != nil {
		return nil, err
	}
	updates, err := collect(r.Client.UpdatesOfAction(ctx, id))
	if err != nil {
		return nil, err
	}
	adjustments, err := collect(r.Client.AdjustmentsOfAction(ctx, id))
	if err != nil {
		return nil, err
	}
	submissions, err := collect(r.Client.Submissions(ctx, client.SubmissionFilter{
		ActionID: id, StartDate: a.Action.CreationDate.Add(-time.Hour), EndDate: r.Now.Add(time.Hour), PageSize: maxHistory,
	}))
	if err != nil {
		return nil, err
	}
	switch {
	case len(adjustments) > 0:
		a.Last = adjustments[0].ID
	case len(updates) > 0:
		a.Last = updates[0].ID
	}
	a.Timeline = timeline(updates, adjustments, submissions)
	return a, nil
}

// Locked reports whether changes become adjustments.
func (a *action) Locked() bool { return a.Action.State == "APPROVED" }

// Currency returns the currency of the action.
func (a *action) Currency() string { return string(a.Action.Currency) }

// Value returns what was sent for a field of an item, or else its present value.
func (a *action) Value(field string, item int, present any) any {
	if sent := a.Form[field]; item < len(sent) {
		return sent[item]
	}
	return present
}

// Amount returns the amount of an item for its field: exact and without groups.
func (a *action) Amount(i client.Item) string { return i.SaleAmountCurrency.Format(i.SaleAmount) }

// collect returns at most [maxHistory] objects of a list.
func collect[T any](list iter.Seq2[T, error]) (all []T, err error) {
	for object, err := range list {
		if err != nil {
			return nil, err
		}
		if all = append(all, object); len(all) == maxHistory {
			break
		}
	}
	return all, nil
}

// event is an entry of the timeline: a submission with its updates and adjustments.
type event struct {
	At time.Time
	// Submission is nil if it is older than what was read.
	Submission  *client.Submission
	Updates     []client.Update
	Adjustments []client.Adjustment
}

// Title says what happened.
func (e event) Title() string {
	switch {
	case e.Submission != nil && e.Submission.ErrorType != "":
		return "Refused: " + view.Words(e.Submission.ErrorReason)
	case e.Submission != nil && e.Submission.Status != client.StatusComplete:
		return e.Submission.Type + " is queued"
	case len(e.Adjustments) > 0:
		return "Adjusted after locking: " + view.Words(e.Adjustments[len(e.Adjustments)-1].Reason)
	case e.Submission != nil && e.Submission.Type == "Conversion", len(e.Updates) > 0 && e.Updates[0].Disposition == "IR_BLANK":
		return "Order tracked"
	case e.Submission != nil && e.Submission.Type == "Reversal":
		return "Reversed: " + view.Words(e.disposition())
	case len(e.Updates) > 0:
		return view.Words(e.disposition())
	default:
		return "Nothing changed"
	}
}

// disposition returns the reason of the event. A RECALC_COMM follows from another reason.
func (e event) disposition() string {
	for _, u := range e.Updates {
		if u.Disposition != "RECALC_COMM" {
			return u.Disposition
		}
	}
	if len(e.Updates) > 0 {
		return e.Updates[0].Disposition
	}
	return e.Parameter("DispositionCode")
}

// Refused reports whether the submission had no effect.
func (e event) Refused() bool { return e.Submission != nil && e.Submission.ErrorType != "" }

// Parameter returns a parameter of the submission.
func (e event) Parameter(name string) string {
	if e.Submission == nil {
		return ""
	}
	values, err := url.ParseQuery(e.Submission.Payload)
	if err != nil {
		return ""
	}
	return values.Get(name)
}

// Undoable reports whether the submission can be undone. The rules decide when it is tried.
func (e event) Undoable() bool {
	return e.Submission != nil && !e.Refused() && e.Submission.Type != "Conversion" && len(e.Updates)+len(e.Adjustments) > 0
}

// timeline returns the events, newest first. Updates belong to the submission that was completed at
// their instant, because of which there is one at most: the applier gives each its own place.
func timeline(updates []client.Update, adjustments []client.Adjustment, submissions []client.Submission) []event {
	events := make([]event, 0, len(submissions))
	for _, s := range submissions {
		at := s.CompletionDate
		if at.IsZero() {
			at = s.SubmissionDate
		}
		events = append(events, event{At: at, Submission: &s})
	}
	for _, d := range adjustments {
		e := find(&events, d.EffectiveDate, func(s *client.Submission) bool { return strings.HasSuffix(d.SubmissionURI, s.ID) })
		e.Adjustments = append(e.Adjustments, d)
	}
	for _, u := range updates {
		e := find(&events, u.UpdateDate, func(s *client.Submission) bool { return s.ErrorType == "" && s.CompletionDate.Equal(u.UpdateDate) })
		e.Updates = append(e.Updates, u)
	}
	slices.SortStableFunc(events, func(a, b event) int { return b.At.Compare(a.At) })
	return events
}

// find returns the event whose submission matches, or else one without a submission at an instant,
// which it adds if there is none.
func find(events *[]event, at time.Time, matches func(*client.Submission) bool) *event {
	for i := range *events {
		e := &(*events)[i]
		if e.Submission != nil && matches(e.Submission) || e.Submission == nil && e.At.Equal(at) {
			return e
		}
	}
	*events = append(*events, event{At: at})
	return &(*events)[len(*events)-1]
}

// status returns the status of the page of a form with an error.
func status(problem string) int {
	if problem != "" {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}
