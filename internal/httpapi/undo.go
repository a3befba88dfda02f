package httpapi

import (
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// postUndo accepts an undo of a submission. It immediately rejects an undo that can never
// succeed. Whether a submission that is still queued can be undone is decided when the undo
// is applied.
func (c *call) postUndo() error {
	if err := c.addFromPath(map[string]string{"submission": "BatchId"}); err != nil {
		return err
	}
	s, err := c.submission(store.SubmissionID(c.r.PathValue("submission")))
	if err != nil {
		return err
	}
	undo, err := wire.DecodeUndo(c.params, c.env(), s.Number)
	switch {
	case err != nil:
		return err
	case s.Command.Kind() == ledger.KindConversion:
		return wire.CannotUndo("A conversion cannot be undone; reverse its action by DELETE /Actions")
	case s.Outcome.ErrorType != ledger.NoError:
		return wire.CannotUndo("The submission failed and changed nothing; there is nothing to undo")
	}
	return c.accept(undo)
}
