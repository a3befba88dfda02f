package wire

import "github.com/trueup-ledger/trueup/ledger"

// DecodeReversal decodes a DELETE of actions. The caller first adds an identifier from the
// path to p. The error is an [*Error].
func DecodeReversal(p *Params, env Env) (ledger.Reversal, error) {
	d := NewDecoder(p, env)
	r := d.decodeReversal()
	if err := d.Err(); err != nil {
		return ledger.Reversal{}, err
	}
	return r, nil
}

func (d *Decoder) decodeReversal() ledger.Reversal {
	d.dryRun(d.env.AllowDryRun)
	// A Sku, even an empty one, or a parameter of an item means that the caller wants to
	// reverse an item and not the whole action.
	d.keepEmpty = true
	if len(d.itemNumbers(skuNameSet)) > 0 || len(d.itemNumbers(itemNamesWithoutSKU)) > 0 {
		d.AddError("Sku", "DELETE reverses the whole action; use PUT /Actions with Quantity=0 to reverse an item")
	}
	d.keepEmpty = false
	return ledger.Reversal{
		Address:  d.decodeAddress(),
		Reason:   d.decodeReason("DispositionCode", "Reason"),
		Expected: d.expectedUpdate(),
		Note:     d.Text("Note"),
	}
}
