package wire

import "github.com/trueup-ledger/trueup/ledger"

// DecodeReversal reads a DELETE of actions. An identifier that the path carries
// is added to p before. Its error is an [*Error].
func DecodeReversal(p *Params, env Env) (ledger.Reversal, error) {
	f := fields{params: p, env: env}
	f.dryRun(env.Previews)
	// An empty Sku or a field of an item says that one item was meant, not all.
	f.strict = true
	if len(f.numbers(skuSet)) > 0 || len(f.numbers(straySet)) > 0 {
		f.fault("Sku", "DELETE reverses the whole action; use PUT /Actions with Quantity=0 to reverse an item")
	}
	f.strict = false
	v := ledger.Reversal{
		Address:  f.address(),
		Reason:   f.reason("DispositionCode", "Reason"),
		Expected: f.expected(),
		Note:     f.text(maxText, "Note"),
	}
	if err := f.err(); err != nil {
		return ledger.Reversal{}, err
	}
	return v, nil
}
