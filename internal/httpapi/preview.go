package httpapi

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger"
)

// previewWait is the maximum time that a dry run waits until all submissions that were
// accepted before it are applied, so that it shows the effect of the real write.
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
	accepted := p.Accepted
	if p.Applied < accepted {
		c.api.waiter.Wait(c.r.Context(), c.token.Account, accepted, previewWait)
		if p, err = c.decidePreview(command); err != nil {
			return err
		}
	}
	v := encode.Preview{Rejection: p.Rejection, Queued: max(accepted-p.Applied, 0)}
	if p.Before.ID != (ledger.ActionID{}) {
		v.Before = &p.Before
	}
	if p.After.ID != (ledger.ActionID{}) {
		v.After = &p.After
	}
	if v.Before == nil && v.After != nil { // a new action has no number yet
		v.After.ID.Number = 0
	}
	c.now = p.At // an approval locks the action from then on
	return c.writeBody(c.encoder().AppendPreview(nil, c.params, v))
}

func (c *call) decidePreview(command ledger.Command) (store.Preview, error) {
	return c.api.store.Preview(c.r.Context(), c.token.Account, c.api.now(), command, ledger.Decide)
}
