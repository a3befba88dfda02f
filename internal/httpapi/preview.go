package httpapi

import (
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// previewWait is how long a dry run waits for what was accepted before it to be
// applied: it shows what the real write would find.
const previewWait = 2 * time.Second

// preview answers what the command would do, and does nothing.
func (c *call) preview(command ledger.Command) error {
	if scope := store.ResourceActions.Read(); !c.token.May(scope) { // it shows what GET would
		return forbidden("A dry run shows actions, and this token lacks the scope " + string(scope))
	}
	p, err := c.foresee(command)
	if err != nil {
		return err
	}
	first := p.Accepted
	if p.Applied < first {
		c.api.waiter.Wait(c.r.Context(), c.token.Account, first, previewWait)
		if p, err = c.foresee(command); err != nil {
			return err
		}
	}
	v := wire.Preview{Refusal: p.Rejection, Queued: max(first-p.Applied, 0)}
	if p.Before.ID != (ledger.ActionID{}) {
		v.Before = &p.Before
	}
	if p.After.ID != (ledger.ActionID{}) {
		v.After = &p.After
	}
	if v.Before == nil && v.After != nil { // its number is not given yet
		v.After.ID.Number = 0
	}
	c.now = p.At // a code that approves does so from then on
	return c.write(c.encoder().AppendPreview(nil, c.params, v))
}

func (c *call) foresee(command ledger.Command) (store.Preview, error) {
	return c.api.store.Preview(c.r.Context(), c.token.Account, c.api.now(), command, ledger.Decide)
}
