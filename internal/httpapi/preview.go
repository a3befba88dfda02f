package httpapi

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger"
)

// previewWait is the maximum time that a dry run waits for submissions that were accepted
// before it. Once they are applied, it shows the effect that the write would have.
const previewWait = 2 * time.Second

// preview writes the effect that the command would have, without applying it.
func (c *call) preview(command ledger.Command) error {
	if scope := store.ResourceActions.Read(); !c.token.Allows(scope) { // a preview contains actions
		return forbidden("A dry run returns actions, and this token lacks the scope " + string(scope))
	}
	p, err := c.decidePreview(command)
	if err != nil {
		return err
	}
	if p.Applied < p.Accepted {
		c.api.waiter.Wait(c.r.Context(), c.token.Account, p.Accepted, previewWait)
		if p, err = c.decidePreview(command); err != nil {
			return err
		}
	}
	c.now = p.At // the states of the actions in the response depend on the time
	return c.writeBody(c.encoder().AppendPreview(nil, c.params, previewForm(p)))
}

// previewForm returns the wire form of a preview.
func previewForm(p store.Preview) encode.Preview {
	v := encode.Preview{Rejection: p.Rejection, Queued: max(p.Accepted-p.Applied, 0)}
	if p.Before.ID != (ledger.ActionID{}) {
		v.Before = &p.Before
	}
	if p.After.ID != (ledger.ActionID{}) {
		v.After = &p.After
	}
	if v.Before == nil && v.After != nil { // a new action has no number yet
		v.After.ID.Number = 0
	}
	return v
}

func (c *call) decidePreview(command ledger.Command) (store.Preview, error) {
	return c.api.store.Preview(c.r.Context(), c.token.Account, c.api.now(), command, ledger.Decide)
}
