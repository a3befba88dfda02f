package encode

import (
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// Value is a field of an object. Text has no escapes.
type Value struct {
	Name, Text string
	// Number reports whether the field is a JSON number in version 14.
	Number bool
}

// ActionValues returns the fields of an action in the order of [Encoder.AppendAction],
// as the current version has them. It ignores the format, version and SID of e.
func (e *Encoder) ActionValues(a ledger.Action) []Value {
	current := Encoder{Version: wire.CurrentVersion, Now: e.Now, Reference: e.Reference}
	values := make([]Value, 0, 40)
	o := objectWriter{Encoder: &current, values: &values}
	o.actionFields(a)
	return values
}
