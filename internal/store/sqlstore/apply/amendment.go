package apply

import (
	"context"
	"fmt"

	"github.com/trueup-ledger/trueup/internal/store/sqlstore/actions"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/submissions"
	"github.com/trueup-ledger/trueup/ledger"
)

// Change implements [ledger.Lookup]. It reverts the later changes of the action.
func (l *Lookup) Change(submission int64) (before, after ledger.Action, err error) {
	m, err := l.amendment(submission)
	if err != nil {
		return ledger.Action{}, ledger.Action{}, err
	}
	a, err := l.Action(m.Action)
	if err != nil || m.FirstUpdate == 0 {
		return a, a, err
	}
	after, err = l.rewind(a, func(u ledger.Update) bool { return u.Submission == submission })
	if err == nil {
		before, err = l.rewind(after, func(u ledger.Update) bool { return u.Submission != submission })
	}
	return before, after, err
}

func (l *Lookup) rewind(a ledger.Action, kept func(ledger.Update) bool) (ledger.Action, error) {
	rewound, err := actions.Rewind(context.Background(), l.Session, l.account, a, kept)
	if err != nil {
		return ledger.Action{}, l.recordFailure(fmt.Errorf("rewind action %s: %w", a.ID, err))
	}
	return rewound, nil
}

// Amendment implements [ledger.Lookup].
func (l *Lookup) Amendment(submission int64) (action, undo int64, err error) {
	m, err := l.amendment(submission)
	return m.Action, m.Undo, err
}

// Replaced implements [ledger.Lookup].
func (l *Lookup) Replaced(submission int64, visit func(item int, b ledger.Before) bool) error {
	m, err := l.amendment(submission)
	if err != nil || m.FirstUpdate == 0 {
		return err
	}
	found := false
	err = actions.Replaced(l.Session, l.account, submission, m.FirstUpdate, func(item int, b ledger.Before) bool {
		found = true
		return visit(item, b)
	})
	if err == nil && !found {
		err = actions.ReplacedByAdjustments(l.Session, l.account, submission, m.FirstUpdate, visit)
	}
	return l.recordFailure(err)
}

// amendment returns the amendment that a submission made.
func (l *Lookup) amendment(submission int64) (m submissions.Amendment, err error) {
	if err = l.writeInserts(); err == nil {
		m, err = submissions.AmendmentOf(l.Session, l.account, submission)
	}
	return m, l.recordFailure(err)
}
