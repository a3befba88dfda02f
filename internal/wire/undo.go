package wire

import "github.com/trueup-ledger/trueup/ledger"

// DecodeUndo decodes a POST that undoes a submission. The caller first adds the BatchId
// from the path to p. The error is an [*Error].
func DecodeUndo(p *Params, env Env, submission int64) (ledger.Undo, error) {
	d := NewDecoder(p, env)
	d.dryRun(env.AllowDryRun)
	d.Text("BatchId")
	u := ledger.Undo{Submission: submission, Expected: d.expectedUpdate(), Note: d.Text("Note")}
	if err := d.Err(); err != nil {
		return ledger.Undo{}, err
	}
	return u, nil
}

// CannotUndo returns a 400 error for a submission that cannot be undone.
func CannotUndo(message string) *Error { return Invalid(FieldError{"BatchId", message}) }
