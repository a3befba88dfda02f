package httpapi

import (
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// postUndo queues what undoes a submission. What its record shows to be beyond
// undoing is refused at once; of one that is still queued the ledger decides.
func (c *call) postUndo() error {
	if err := c.addFromPath(map[string]string{"submission": "BatchId"}); err != nil {
		return err
	}
	s, err := c.record(store.SubmissionID(c.r.PathValue("submission")))
	if err != nil {
		return err
	}
	undo, err := wire.DecodeUndo(c.params, c.env(), s.Number)
	switch {
	case err != nil:
		return err
	case s.Command.Kind() == ledger.KindConversion:
		return wire.NotUndone("A conversion cannot be undone; reverse its action by DELETE /Actions")
	case s.Outcome.ErrorType != store.NoError:
		return wire.NotUndone("The submission failed and changed nothing; there is nothing to undo")
	}
	return c.accept(undo)
}
