package wire

import "github.com/trueup-ledger/trueup/ledger"

// DryRun reports whether a write is to be shown only. Its error is an [*Error].
func DryRun(p *Params) (bool, error) {
	f := fields{params: p}
	dry, _ := take(&f, parseBool, "DryRun")
	return dry, f.err()
}

// Preview is what a write would do.
type Preview struct {
	// Before and After are the action with its items; nil where there is none. An
	// action that would be new has no number.
	Before, After *ledger.Action
	// Refusal is why the write would change nothing, or nil.
	Refusal *ledger.Rejection
	// Queued counts the submissions that were accepted before and are not applied
	// yet: what they do is not in it.
	Queued int64
}

// AppendPreview writes the answer to a dry run; p are the parameters that were sent.
func (e *Encoder) AppendPreview(dst []byte, p *Params, v Preview) []byte {
	return e.answer(dst, func(o *object) {
		o.text("Status", "DRY_RUN")
		o.side("Before", v.Before)
		o.side("After", v.After)
		o.change(v)
		o.count("Queued", v.Queued)
		refusals := []*ledger.Rejection{}
		if v.Refusal != nil {
			refusals = append(refusals, v.Refusal)
		}
		o.array("Errors", "Error", len(refusals), func(o *object, i int) {
			o.nested(func() {
				fault := refusedFault(p, refusals[i])
				o.text("Code", string(refusals[i].Code))
				o.text("Field", fault.Field)
				o.text("Message", fault.Message)
			})
		})
	})
}

// side writes the action as it is on one side of the write.
func (o *object) side(name string, a *ledger.Action) {
	if a == nil {
		return
	}
	o.begin(name)
	o.nested(func() {
		o.begin("Action")
		o.nested(func() { o.fieldsOfAction(*a) })
		o.end("Action")
		o.array("ActionItems", "ActionItem", len(a.Items), func(o *object, i int) {
			o.nested(func() { o.fieldsOfItem(*a, a.Items[i]) })
		})
	})
	o.end(name)
}

// change writes what the write would add to the action's sums.
func (o *object) change(v Preview) {
	if v.After == nil {
		return
	}
	was := ledger.Totals{}
	if v.Before != nil {
		was = v.Before.Totals
	}
	digits := v.After.Currency.Digits()
	o.amount("DeltaAmount", v.After.Amount-was.Amount, digits)
	o.amount("DeltaPayout", v.After.Payout-was.Payout, digits)
}
