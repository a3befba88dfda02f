package encode

import (
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// FieldKind is the type of the value of a field.
type FieldKind int

// The kinds of fields.
const (
	TextField FieldKind = iota
	IntegerField
	// AmountField is an amount of money.
	AmountField
	TimeField
	BooleanField
)

// Field is a field of an object with its value, for other forms than JSON and XML.
type Field struct {
	Name string
	Kind FieldKind
	// Text is the value of a text or a boolean.
	Text string
	// Number is the value of an integer, or of an amount in units of its last digit. Digits
	// is the number of digits of an amount after the decimal point.
	Number int64
	Digits int
	// Time is the value of a time.
	Time time.Time
	// Absent reports whether an integer, an amount or a time is missing.
	Absent bool
}

// AppendText appends the value of f as responses have it, without escapes. Times are in the
// given zone. A missing value is "".
func (f *Field) AppendText(dst []byte, zone *time.Location) []byte {
	switch {
	case f.Absent:
		return dst
	case f.Kind == IntegerField:
		return strconv.AppendInt(dst, f.Number, 10)
	case f.Kind == AmountField:
		return AppendAmount(dst, money.Amount(f.Number), f.Digits)
	case f.Kind == TimeField:
		return wire.AppendTime(dst, f.Time, zone)
	default:
		return append(dst, f.Text...)
	}
}

// IsNumber reports whether the value is a JSON number in the current version, unless it is
// one of those that are texts in every version.
func (f *Field) IsNumber() bool { return f.Kind == IntegerField || f.Kind == AmountField }

// add collects a field and reports whether the writer collects fields.
func (o *objectWriter) add(f Field) bool {
	if o.fields == nil {
		return false
	}
	*o.fields = append(*o.fields, f)
	return true
}

// collect appends the fields that write writes to dst, as the current version has them.
func (e *Encoder) collect(dst []Field, write func(o *objectWriter)) []Field {
	current := Encoder{Version: wire.CurrentVersion, Now: e.Now, Reference: e.Reference}
	write(&objectWriter{Encoder: &current, fields: &dst})
	return dst
}

// ActionFields appends the fields of an action to dst, in the order of
// [Encoder.AppendAction] and as the current version has them. URIs are left out: they depend
// on the caller.
func (e *Encoder) ActionFields(dst []Field, a ledger.Action, status invoice.Status) []Field {
	return e.collect(dst, func(o *objectWriter) { o.actionFields(a, status) })
}

// ItemFields is [Encoder.ActionFields] for an item, after fields that identify its action.
func (e *Encoder) ItemFields(dst []Field, a ledger.Action, item ledger.Item) []Field {
	return e.collect(dst, func(o *objectWriter) {
		o.actionID("ActionId", a.ID)
		o.integer("CampaignId", a.ID.Campaign)
		o.integer("ActionTrackerId", a.ID.EventType)
		o.integer("MediaPartnerId", a.Partner)
		o.text("State", string(a.State(e.Now)))
		o.timestamp("EventDate", a.EventDate)
		o.text("Oid", a.Order)
		o.itemFields(a, item)
	})
}

// UpdateFields is [Encoder.ActionFields] for an update of the action a.
func (e *Encoder) UpdateFields(dst []Field, u ledger.Update, a ledger.Action) []Field {
	return e.collect(dst, func(o *objectWriter) { o.updateFields(u, a) })
}

// AdjustmentFields is [Encoder.ActionFields] for an adjustment.
func (e *Encoder) AdjustmentFields(dst []Field, d Adjustment) []Field {
	return e.collect(dst, func(o *objectWriter) { o.storedAdjustmentFields(d) })
}

// PayoutFields is [Encoder.ActionFields] for the payouts of a partner in a month.
func (e *Encoder) PayoutFields(dst []Field, p PartnerMonth) []Field {
	return e.collect(dst, func(o *objectWriter) {
		digits := p.Currency.Digits()
		o.text("Month", p.Month.String())
		o.integer("MediaPartnerId", p.Partner)
		o.text("MediaPartnerName", e.Reference.Partners[p.Partner].Name)
		o.text("Currency", string(p.Currency))
		o.text("State", string(p.State))
		o.count("Actions", p.Actions)
		o.amount("Amount", p.Amount, digits)
		o.amount("Payout", p.Payout, digits)
		o.amount("ClientCost", p.ClientCost, digits)
		o.amount("AdjustmentAmount", p.DeltaAmount, digits)
		o.amount("AdjustmentPayout", p.DeltaPayout, digits)
		o.amount("Bonus", p.Bonus, digits)
	})
}

// PartnerMonth holds the sums of the actions of a partner with an event date in a month, by
// currency and state, of their adjustments, and of the bonuses of the month.
type PartnerMonth struct {
	// Month is the month in the account's time zone.
	Month                      program.Month
	Partner                    int64
	Currency                   money.Currency
	State                      ledger.State
	Actions                    int64
	Amount, Payout, ClientCost money.Amount
	// DeltaAmount and DeltaPayout are the sums of the adjustments of the actions.
	DeltaAmount, DeltaPayout money.Amount
	Bonus                    money.Amount
}
