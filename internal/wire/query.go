package wire

import (
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/ledger"
)

// ActionQuery asks for a list of actions or of their updates.
type ActionQuery struct {
	Filter ledger.ActionFilter
	Page   ledger.Page
	// Filters is the query string that page URIs carry.
	Filters string
}

// SubmissionQuery asks for a list of submissions.
type SubmissionQuery struct {
	Filter  ledger.SubmissionFilter
	Page    ledger.Page
	Filters string
}

// DecodeActionQuery reads a GET of actions or of their updates. Without dates it
// covers the last 7 days, unless an action, an order or a Sku is named and the
// documented limits are off. Its error is an [*Error].
func DecodeActionQuery(p *Params, env Env) (ActionQuery, error) {
	f := fields{params: p, env: env}
	action, _ := take(&f, parseActionID, "ActionId")
	q := ActionQuery{Filter: ledger.ActionFilter{
		Action:    action,
		Campaign:  f.id("CampaignId"),
		EventType: f.id("ActionTrackerId"),
		Partner:   f.id("MediaPartnerId"),
		Order:     f.text(maxOrder, "Oid", "OrderId"),
		SKU:       f.text(maxText, "Sku"),
		State:     ledger.State(f.oneOf("State", string(ledger.Pending), string(ledger.Approved), string(ledger.Reversed))),
		Now:       f.env.Now,
		Updated:   f.span("StartDate", "EndDate"),
		EventDate: f.span("ActionDateStart", "ActionDateEnd"),
		Locking:   f.span("LockingDateStart", "LockingDateEnd"),
	}}
	f.campaignNeeded()
	none := ledger.TimeRange{}
	dated := q.Filter.Updated != none || q.Filter.EventDate != none || q.Filter.Locking != none
	if !dated && (env.Documented || !f.has("Oid", "OrderId", "Sku", "ActionId")) {
		now := f.env.Now
		q.Filter.Updated = f.pin("StartDate", "EndDate", now.AddDate(0, 0, -defaultDays), now.Add(pinnedAhead))
	}
	q.Page = f.page(MaxPageSize, pagesPerList)
	if env.Documented {
		q.Page.Size = max(q.Page.Size, narrowPage)
	}
	q.Filters = f.filters()
	if err := f.err(); err != nil {
		return ActionQuery{}, err
	}
	return q, nil
}

// campaignNeeded asks for the CampaignId that the original documents as required.
func (f *fields) campaignNeeded() {
	if f.env.Documented {
		f.require("CampaignId")
	}
}

// The statuses of submissions on the wire. None of Trueup's is ever
// seen in progress: it is queued until the commit that completes it.
const (
	statusQueued     = "Queued"
	statusInProgress = "In Progress"
	statusComplete   = "Complete"
)

// DecodeSubmissionQuery reads a GET of submissions. A filter without dates covers
// the last 45 days. Its error is an [*Error].
func DecodeSubmissionQuery(p *Params, env Env) (SubmissionQuery, error) {
	f := fields{params: p, env: env}
	action, _ := take(&f, parseActionID, "ActionId")
	q := SubmissionQuery{Filter: ledger.SubmissionFilter{
		Kinds:    kindsOf(f.oneOf("Type", string(ledger.KindConversion), string(ledger.KindModification), string(ledger.KindReversal))),
		Order:    f.text(maxOrder, "OrderId", "Oid"),
		Action:   action,
		Accepted: f.span("StartDate", "EndDate"),
		Failed:   pointer(&f, parseBool, "HasError"),
	}}
	switch f.oneOf("Status", statusQueued, statusInProgress, statusComplete) {
	case statusQueued:
		q.Filter.Complete = new(false)
	case statusComplete:
		q.Filter.Complete = new(true)
	case statusInProgress: // matches nothing: what failed is complete
		q.Filter.Complete, q.Filter.Failed = new(false), new(true)
	}
	if q.Filter.Accepted == (ledger.TimeRange{}) && f.has("Type", "OrderId", "Oid", "ActionId", "HasError", "Status") {
		q.Filter.Accepted = f.pin("StartDate", "EndDate", f.env.Now.In(env.Zone).AddDate(0, 0, -maxSpanDays), f.env.Now)
	}
	q.Page = f.page(DefaultPageSize, 0)
	q.Filters = f.filters()
	if err := f.err(); err != nil {
		return SubmissionQuery{}, err
	}
	return q, nil
}

// kindsOf answers what a type of submission stands for: undoing is modifying.
func kindsOf(kind string) []ledger.Kind {
	switch ledger.Kind(kind) {
	case "":
		return nil
	case ledger.KindModification:
		return []ledger.Kind{ledger.KindModification, ledger.KindUndo}
	default:
		return []ledger.Kind{ledger.Kind(kind)}
	}
}

// filters answers the query string that page URIs carry: what was sent and read,
// and dates that were pinned, but nothing of the page.
func (f *fields) filters() string {
	sent := f.params.query(func(lower string) bool {
		return lower != "_method" && !slices.Contains([]string{"page", "pagesize", "cursor"}, lower)
	})
	parts := make([]string, 0, 1+len(f.pinned)/2)
	if sent != "" {
		parts = append(parts, sent)
	}
	for i := 0; i < len(f.pinned); i += 2 {
		parts = append(parts, pair(f.pinned[i], f.pinned[i+1]))
	}
	return strings.Join(parts, "&")
}
