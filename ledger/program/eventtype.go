package program

// EventType is a kind of event that earns a payout, such as a sale. The wire calls it an
// action tracker.
type EventType struct {
	ID, Campaign     int64
	Name, Code       string
	State            string
	CustomerStatuses []string
	Dispositions     []Disposition
	// DuplicateDays is the window in which an order id is accepted once. Zero disables the
	// check.
	DuplicateDays int
}

// DefaultDuplicateDays is the [EventType.DuplicateDays] of an event type that
// doesn't set it.
const DefaultDuplicateDays = 365

// EffectOf returns the effect of a custom disposition code and reports whether the
// event type has it.
func (e EventType) EffectOf(code string) (Effect, bool) {
	for _, d := range e.Dispositions {
		if d.Code == code {
			return d.Effect, true
		}
	}
	return "", false
}

// Disposition is a custom reason code of an event type.
type Disposition struct {
	// Code is case-sensitive and has at most 64 characters.
	Code, Name string
	Effect     Effect
}

// Effect is the effect of a custom disposition code on an action.
type Effect string

// The effects. MODIFY records the code, APPROVE also locks the action at once, and
// REJECT reverses it.
const (
	EffectModify  Effect = "MODIFY"
	EffectApprove Effect = "APPROVE"
	EffectReject  Effect = "REJECT"
)

// Effects lists every Effect.
var Effects = []Effect{EffectModify, EffectApprove, EffectReject}
