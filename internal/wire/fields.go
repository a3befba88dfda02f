package wire

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// Env is what decoding needs beside the request.
type Env struct {
	// Now is the instant of the request.
	Now time.Time
	// Zone is the account's: dates without a time are local midnights of it.
	Zone *time.Location
	// Previews says that a dry run is shown: whoever decodes asks [DryRun].
	Previews bool
	// HashIP answers the keyed hash that is kept of an IP address.
	HashIP func(address string) string
	// NewOrder makes an order id of at most 64 characters for callers that leave
	// it to the server.
	NewOrder func() string
	// Documented keeps lists to the original's documented limits where Trueup is more
	// lenient (docs/emulate.md): what a test passes then, the original serves too.
	Documented bool
}

// fields reads parameters and gathers what is wrong with them. Each method takes
// the names that mean the same: values that differ once parsed are a fault. An
// empty value counts as absent, unless strict.
type fields struct {
	params *Params
	env    Env
	faults []Fault
	// number is the item's whose fields are read: it stands behind their names.
	// Number 1 may be left out, if bare. 0 is none.
	number int
	bare   bool
	strict bool
	// pinned are names and values that page URIs carry though nobody sent them.
	pinned []string
}

// fault is a message for the caller about one parameter.
type fault string

func (f fault) Error() string { return string(f) }

// err answers the faults as a 400, or nil.
func (f *fields) err() error {
	if len(f.faults) == 0 {
		return nil
	}
	return Invalid(f.faults...)
}

// fault notes a fault of a field.
func (f *fields) fault(name, format string, args ...any) {
	fault := Fault{name, fmt.Sprintf(format, args...)}
	if len(f.faults) < MaxFaults && !slices.Contains(f.faults, fault) {
		f.faults = append(f.faults, fault)
	}
}

// refused notes what the rules say of the request, unless the same field has a
// fault already, which then is the cause.
func (f *fields) refused(refusals []*ledger.Rejection) {
	for _, r := range refusals {
		name := f.params.spelling(r.Field)
		if !slices.ContainsFunc(f.faults, func(known Fault) bool { return known.Field == name }) {
			f.fault(name, "%s", r.Message)
		}
	}
}

// behind answers the numbers that may stand behind a name, 0 for none.
func (f *fields) behind() []int {
	switch {
	case f.number == 0:
		return noNumber
	case f.number == 1 && f.bare:
		return noNumberOr1
	default:
		return []int{f.number}
	}
}

var noNumber, noNumberOr1 = []int{0}, []int{0, 1}

// numbered answers a name with the number of the item whose fields are read.
func (f *fields) numbered(name string) string {
	if f.number > 1 {
		return name + strconv.Itoa(f.number)
	}
	return name
}

// take reads a parameter that may have been sent under several names, and
// whether it was sent at all.
func take[T comparable](f *fields, parse func(string) (T, error), names ...string) (value T, given bool) {
	from := ""
	for _, name := range names {
		for _, number := range f.behind() {
			q := f.params.find(name, number)
			if q == nil {
				continue
			}
			for _, text := range q.values {
				if text == "" && !f.strict {
					continue
				}
				v, err := parse(text)
				switch {
				case err != nil:
					f.fault(q.name, "%s", err)
					return value, true
				case given && v != value && from == q.name:
					f.fault(q.name, "Given twice with different values")
					return value, true
				case given && v != value:
					f.fault(q.name, "Contradicts %s", from)
					return value, true
				}
				if !given {
					f.params.spelled(f.numbered(names[0]), q.name)
				}
				value, given, from = v, true, q.name
			}
		}
	}
	return value, given
}

// pointer is take for fields whose absence means something else than zero.
func pointer[T comparable](f *fields, parse func(string) (T, error), names ...string) *T {
	if value, given := take(f, parse, names...); given {
		return &value
	}
	return nil
}

// require notes a fault if none of the names was sent with a value.
func (f *fields) require(names ...string) {
	if !f.has(names...) {
		f.fault(names[0], "Required")
	}
}

// has reports whether one of the names was sent with a value.
func (f *fields) has(names ...string) bool {
	_, given := take(&fields{params: f.params, number: f.number, bare: f.bare},
		func(string) (struct{}, error) { return struct{}{}, nil }, names...)
	return given
}

func (f *fields) text(limit int, names ...string) string {
	value, _ := take(f, textUpTo(limit), names...)
	return value
}

func (f *fields) id(names ...string) int64 {
	value, _ := take(f, parseID, names...)
	return value
}

func (f *fields) amount(names ...string) *money.Decimal { return pointer(f, parseAmount, names...) }

func (f *fields) signed(names ...string) *money.Decimal { return pointer(f, parseSigned, names...) }

// quantity answers 1 for a malformed one: it contradicts no other field.
func (f *fields) quantity(names ...string) *int64 {
	known := len(f.faults)
	q := pointer(f, parseQuantity, names...)
	if len(f.faults) > known {
		*q = 1
	}
	return q
}

func (f *fields) currency(names ...string) money.Currency {
	value, _ := take(f, parseCurrency, names...)
	return value
}

func (f *fields) oneOf(name string, values ...string) string {
	value, _ := take(f, func(s string) (string, error) {
		for _, v := range values {
			if strings.EqualFold(v, s) {
				return v, nil
			}
		}
		return "", fault("Must be one of " + strings.Join(values, ", "))
	}, name)
	return value
}
