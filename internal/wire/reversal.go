package wire

import "github.com/trueup-ledger/trueup/ledger"

// DecodeReversal decodes a DELETE of actions. The caller adds an identifier from the
// path to p first. The error is an [*Error].
func DecodeReversal(p *Params, env Env) (ledger.Reversal, error) {
	d := NewDecoder(p, env)
	d.dryRun(env.AllowDryRun)
	// With an empty Sku or a parameter of an item, the caller meant an item and not the
	// whole action.
	d.keepEmpty = true
	if len(d.itemNumbers(skuNameSet)) > 0 || len(d.itemNumbers(itemNamesWithoutSKU)) > 0 {
		d.AddError("Sku", "DELETE reverses the whole action; use PUT /Actions with Quantity=0 to reverse an item")
	}
	d.keepEmpty = false
	v := ledger.Reversal{
		Address:  d.decodeAddress(),
		Reason:   d.decodeReason("DispositionCode", "Reason"),
		Expected: d.expectedUpdate(),
		Note:     d.Text("Note"),
	}
	if err := d.Err(); err != nil {
		return ledger.Reversal{}, err
	}
	return v, nil
}
