package wire

import "github.com/trueup-ledger/trueup/ledger"

// DecodeUndo reads a POST that undoes the submission with a number. Its BatchId,
// which the path carries, is added to p before. Its error is an [*Error].
func DecodeUndo(p *Params, env Env, submission int64) (ledger.Undo, error) {
	f := fields{params: p, env: env}
	f.dryRun(env.Previews)
	f.text(maxText, "BatchId")
	u := ledger.Undo{Submission: submission, Expected: f.expected(), Note: f.text(maxText, "Note")}
	if err := f.err(); err != nil {
		return ledger.Undo{}, err
	}
	return u, nil
}

// NotUndone answers the 400 for a submission that nothing can undo.
func NotUndone(message string) *Error { return Invalid(Fault{"BatchId", message}) }
