package submissions

import (
	"cmp"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/console/page"
	"github.com/trueup-ledger/trueup/internal/console/view"
)

var submissionPage = view.Parse(templates, "templates/submission.html")

// parameter is a parameter of a submission.
type parameter struct{ Name, Value string }

// form is that of a change, as it was sent. Key identifies the change, so that to send the form twice
// has the effect of sending it once.
type form struct{ Note, Key, Problem string }

// submission is the data of the page of a submission.
type submission struct {
	row
	// Partner and Campaign are names, which are empty for ids that don't exist.
	Partner, Campaign string
	Parameters        []parameter
	Form              form
	MayPark, MayRetry bool
}

// Get shows a submission.
func Get(r *page.Request) error {
	return show(r, http.StatusOK, form{})
}

// show renders the page of a submission, with a form that was refused.
func show(r *page.Request, status int, f form) error {
	s, err := r.Client.Submission(r.Context(), r.R.PathValue("submission"))
	if err != nil {
		return err
	}
	f.Key = rand.Text()
	v := submission{row: row{*s}, Parameters: parameters(s.Payload), Form: f}
	if v.Partner, v.Campaign, err = names(r, s); err != nil {
		return err
	}
	if r.MayOperate() {
		v.MayPark = s.Status != client.StatusComplete
		v.MayRetry = v.State() == stateFailed || v.State() == stateParked
	}
	r.Title = cmp.Or(s.OrderID, s.ID)
	return r.RenderStatus(status, submissionPage, v)
}

// names returns the names of the partner and the campaign of a submission.
func names(r *page.Request, s *client.Submission) (partner, campaign string, err error) {
	if s.MediaPartnerID != 0 {
		p, err := r.Client.Partner(r.Context(), s.MediaPartnerID)
		if err != nil && !errors.Is(err, client.ErrNotFound) {
			return "", "", err
		}
		if err == nil {
			partner = p.Name
		}
	}
	if s.CampaignID != 0 {
		c, err := r.Client.Campaign(r.Context(), s.CampaignID)
		if err != nil && !errors.Is(err, client.ErrNotFound) {
			return "", "", err
		}
		if err == nil {
			campaign = c.Name
		}
	}
	return partner, campaign, nil
}

// parameters returns the parameters of a payload in the order in which they were sent. A part that
// is no parameter of a query string is shown as it is.
func parameters(payload string) (list []parameter) {
	for part := range strings.SplitSeq(payload, "&") {
		name, value, _ := strings.Cut(part, "=")
		n, err := url.QueryUnescape(name)
		v, valueErr := url.QueryUnescape(value)
		switch {
		case part == "":
		case err != nil || valueErr != nil:
			list = append(list, parameter{Name: part})
		default:
			list = append(list, parameter{n, v})
		}
	}
	return list
}

// Park makes the server complete a queued submission without applying it.
func Park(r *page.Request) error {
	id := r.R.PathValue("submission")
	return change(r, func(o admin.WriteOptions) error {
		if err := r.Admin.ParkSubmission(r.Context(), int(r.Account), id, o); err != nil {
			return err
		}
		r.Toast("good", "The submission will be parked in its turn. It changes nothing.")
		return r.Redirect(r.Path("submissions", id))
	})
}

// Retry accepts a failed submission again, as a new one.
func Retry(r *page.Request) error {
	return change(r, func(o admin.WriteOptions) error {
		id, err := r.Admin.RetrySubmission(r.Context(), int(r.Account), r.R.PathValue("submission"), o)
		if err != nil {
			return err
		}
		r.Toast("good", "Sent again. This is the new submission.")
		return r.Redirect(r.Path("submissions", id))
	})
}

// change calls do with the options of the form. An error for the person is shown in the form.
func change(r *page.Request, do func(admin.WriteOptions) error) error {
	values, err := r.Form()
	if err != nil {
		return err
	}
	f := form{Note: strings.TrimSpace(values.Get("note"))}
	err = do(admin.WriteOptions{Reason: f.Note, IdempotencyKey: values.Get("key")})
	if f.Problem = page.Sentence(err); f.Problem == "" || errors.Is(err, client.ErrNotFound) {
		return err
	}
	return show(r, page.ProblemOf(err).Status, f)
}

// OfAdjustment leads to the submission that made an adjustment.
func OfAdjustment(r *page.Request) error {
	a, err := r.Client.Adjustment(r.Context(), r.R.PathValue("adjustment"))
	if err != nil {
		return err
	}
	return r.Redirect(r.Path("submissions", path.Base(a.SubmissionURI)))
}
