// Package whatif computes what actions would pay if terms had been others.
package whatif

import "github.com/trueup-ledger/trueup/ledger/program"

// Terms are the terms to try in place of recorded ones.
type Terms map[program.TermsOf]program.Terms

// Try returns recorded terms with the payouts to try: level, default, groups and cap. It
// returns terms that are not covered unchanged. Which terms price a submission, and when an
// action locks, doesn't change.
func (t Terms) Try(recorded program.Terms) program.Terms {
	tried, covered := t[recorded.TermsOf]
	if covered {
		recorded.Level, recorded.Default, recorded.Groups, recorded.PayoutCap = tried.Level, tried.Default, tried.Groups, tried.PayoutCap
	}
	return recorded
}

// Reference returns reference data in which every version of the covered terms has the payouts
// to try.
func (t Terms) Reference(r *program.Reference) *program.Reference {
	tried := *r
	tried.Terms = make(map[program.TermsOf][]program.Terms, len(r.Terms))
	for of, versions := range r.Terms {
		if _, covered := t[of]; covered {
			replaced := make([]program.Terms, len(versions))
			for i, v := range versions {
				replaced[i] = t.Try(v)
			}
			versions = replaced
		}
		tried.Terms[of] = versions
	}
	return &tried
}

// Covers reports whether terms of a partner for an event type of a campaign are covered. If
// they are not, the payouts of the partner's actions can't change.
func (t Terms) Covers(r *program.Reference, campaign, partner, eventType int64) bool {
	for _, c := range r.ContractsOf(campaign, partner) {
		if _, covered := t[program.TermsOf{Contract: c.ID, EventType: eventType}]; covered {
			return true
		}
	}
	return false
}
