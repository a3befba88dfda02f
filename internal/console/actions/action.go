package actions

import (
	"cmp"
	"iter"
	"net/http"
	"net/url"
	"path"
	"slices"
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
	// LockedAt is the time at which the action locked, also if adjustments reversed it since, or zero.
	LockedAt time.Time
	// HistoryProblem is a sentence if a part of the history can't be read.
	HistoryProblem string
	// MayChange reports whether the person may change the action. Hint describes what locking
	// changed, for such a person.
	MayChange bool
	Hint      string
	// Reversals are the reasons of a reversal.
	Reversals []string

	// Form holds the values of a form that was sent, Problem its error and Preview its effect.
	Form    url.Values
	Problem string
	Preview *preview
	// InPreview reports whether Problem is shown in the place of the preview, to which the forms lead.
	InPreview bool
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
	a = &action{MayChange: r.MayOperate(), Reversals: program.ReversalReasons, Form: url.Values{}}
	if a.Action, err = r.Client.Action(ctx, id); err != nil {
		return nil, err
	}
	r.Title = cmp.Or(a.Action.OrderID, a.Action.ID)
	items := r.Client.Items(ctx, id)
	if at := a.Action.LockingDate; !at.IsZero() && !at.After(r.Now) {
		a.LockedAt = at
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
	submissions, err := history(r, a.Action)
	if err != nil { // the items and the updates are worth a page without the submissions
		r.Log.Error("the submissions of an action can't be read", "request", r.ID, "action", id, "error", err)
		a.HistoryProblem = "The submissions can't be read at the moment, so reasons and refused changes are missing here."
	}
	switch {
	case len(adjustments) > 0:
		a.Last = adjustments[0].ID
	case len(updates) > 0:
		a.Last = updates[0].ID
	}
	a.Timeline = timeline(updates, adjustments, submissions)
	if a.MayChange && a.Locked() {
		a.Hint = lockedHint
	}
	return a, nil
}

// lockedHint is conditional, because only the terms decide, and a page that reads can't do a dry run.
const lockedHint = "Locked: returns become adjustments, if the terms still accept them"

// maxRange is the longest range of dates of a list in the protocol.
const maxRange = 45 * day

// maxRanges bounds the number of lists for the history of one action: it covers five years.
const maxRanges = 40

// history returns the submissions of an action, newest first. The protocol lists a range of
// dates at a time.
func history(r *page.Request, a *client.Action) (submissions []client.Submission, err error) {
	begin, end := a.CreationDate.Add(-time.Hour), r.Now.Add(time.Hour)
	for range maxRanges {
		start := end.Add(-maxRange)
		if start.Before(begin) {
			start = begin
		}
		some, err := collect(r.Client.Submissions(r.Context(), client.SubmissionFilter{ActionID: a.ID, StartDate: start, EndDate: end, PageSize: maxHistory}))
		if err != nil {
			return submissions, err
		}
		for _, s := range some { // one at the boundary is in both ranges
			if !slices.ContainsFunc(submissions, func(t client.Submission) bool { return t.ID == s.ID }) {
				submissions = append(submissions, s)
			}
		}
		if !start.After(begin) || len(submissions) >= maxHistory {
			break
		}
		end = start
	}
	return submissions, nil
}

// Locked reports whether changes become adjustments.
func (a *action) Locked() bool { return !a.LockedAt.IsZero() }

// Reversed reports whether nothing is left of the order. Only an undo or a reset changes it.
func (a *action) Reversed() bool { return a.Action.State == "REVERSED" }

// Editable reports whether the person may change the items.
func (a *action) Editable() bool { return a.MayChange && !a.Reversed() }

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
	// unread is the id of a submission that could not be read.
	unread string
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
		e := ofSubmission(&events, path.Base(d.SubmissionURI))
		e.Adjustments = append(e.Adjustments, d)
	}
	for _, u := range updates {
		e := find(&events, u.UpdateDate, func(s *client.Submission) bool { return s.ErrorType == "" && s.CompletionDate.Equal(u.UpdateDate) })
		e.Updates = append(e.Updates, u)
	}
	slices.SortStableFunc(events, func(a, b event) int {
		switch { // adjustments, whose time may be unknown, are newer than updates
		case a.At.IsZero() && !b.At.IsZero():
			return -1
		case b.At.IsZero() && !a.At.IsZero():
			return 1
		}
		return b.At.Compare(a.At)
	})
	return events
}

// ofSubmission returns the event of a submission. If the submission was not read, it adds one whose
// time is unknown: an adjustment has only the date from which it counts.
func ofSubmission(events *[]event, id string) *event {
	for i := range *events {
		if e := &(*events)[i]; e.Submission != nil && e.Submission.ID == id || e.unread == id {
			return e
		}
	}
	*events = append(*events, event{unread: id})
	return &(*events)[len(*events)-1]
}

// find returns the event whose submission matches, or else one without a submission at an instant,
// which it adds if there is none.
func find(events *[]event, at time.Time, matches func(*client.Submission) bool) *event {
	for i := range *events {
		e := &(*events)[i]
		if e.Submission != nil && matches(e.Submission) || e.Submission == nil && e.unread == "" && e.At.Equal(at) {
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
