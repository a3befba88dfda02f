package ledger

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// trackingTerms returns the terms that price a conversion with the EventDate at. They are
// those of the newest contract in force that has terms for the event type.
func trackingTerms(r *program.Reference, p program.Partner, e program.EventType, at time.Time) (program.Terms, error) {
	underContract := false
	for _, c := range r.ContractsOf(e.Campaign, p.ID) {
		if !c.InForce(at) {
			continue
		}
		underContract = true
		if t, found := r.TermsAt(program.TermsOf{Contract: c.ID, EventType: e.ID}, at); found {
			return t, nil
		}
	}
	if !underContract {
		return program.Terms{}, reject(CodeContractNotFound, "EventDate", "Partner %d had no contract at that date.", p.ID)
	}
	return program.Terms{}, reject(CodeTermsNotFound, "EventDate", "The contract of partner %d has no terms for event type %d at that date.",
		p.ID, e.ID)
}

// amendmentTerms returns the terms that price an amendment of the action. They are the
// terms in force at the instant of acceptance, or else the last that were. In a campaign
// with [program.PricingTracked] they are those that priced the conversion.
func amendmentTerms(r *program.Reference, a Action, at time.Time) program.Terms {
	tracked := r.TermsVersion(a.Terms)
	if r.Campaigns[a.ID.Campaign].Pricing == program.PricingTracked {
		return tracked
	}
	contracts := r.ContractsOf(a.ID.Campaign, a.Partner)
	for _, c := range contracts {
		if t, found := r.TermsAt(program.TermsOf{Contract: c.ID, EventType: a.ID.EventType}, at); found && c.InForce(at) {
			return t
		}
	}
	if last, found := r.LastTermsBefore(contracts, a.ID.EventType, at); found {
		return last
	}
	return tracked
}
