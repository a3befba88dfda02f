package wire

import (
	"fmt"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// Env holds the inputs of decoding other than the request.
type Env struct {
	// Now is the time of the request.
	Now time.Time
	// Zone is the account's time zone. A date without a time is midnight in it.
	Zone *time.Location
	// AllowDryRun reports whether the caller of the decoder handles [DryRun]. If it is
	// false, a request for a dry run is an error.
	AllowDryRun bool
	// HashIP returns the keyed hash that is stored in place of an IP address or a phone number.
	HashIP func(address string) string
	// NewOrderID returns an order id of at most 64 characters for callers that send
	// [GeneratedOrderID].
	NewOrderID func() string
	// DocumentedLimits restricts lists to the limits of the Brand API (docs/emulate.md).
	DocumentedLimits bool
	// Uncounted makes a list of actions one without a total, a limit of objects and default dates.
	Uncounted bool
	// Strict makes unknown parameters errors. Otherwise they are ignored, see [Params.Ignored].
	Strict bool
}

// Decoder reads the parameters of a request and collects the errors in them.
//
// The arguments of its methods are the names of one parameter. If a request uses
// several of them, their values must be equal once parsed. An empty value counts
// as absent.
type Decoder struct {
	params      *Params
	env         Env
	fieldErrors []FieldError
	// item is the number of the item whose parameters are read, or 0. It follows
	// their names, as in Sku2.
	item int
	// fromZero allows items to be numbered from 0. If they are, firstItem is 0, and item
	// is the number that follows the names plus 1.
	fromZero  bool
	firstItem int
	// unnumbered reports whether names without a number belong to item 1, too.
	unnumbered bool
	// keepEmpty reports whether an empty value counts as present.
	keepEmpty bool
	// recorded collects the names that [read] is called with. If it isn't nil, read
	// returns zero values.
	recorded *[]recordedRead
	// pinned holds the parameters that page URIs have in addition to those of the
	// request, each as a part of a query string.
	pinned []string
	// known holds the names that a strict decoder knows.
	known knownNames
}

// NewDecoder returns a decoder of p.
func NewDecoder(p *Params, env Env) *Decoder { return &Decoder{params: p, env: env, firstItem: 1} }

// KeepEmpty makes empty values count as present from now on.
func (d *Decoder) KeepEmpty() { d.keepEmpty = true }

// RejectDryRun records an error if the request asks for a dry run.
func (d *Decoder) RejectDryRun() { d.dryRun(false) }

// Err returns an [*Error] with all field errors so far, or nil if there are none. A strict
// decoder reports every parameter that it doesn't know by now.
func (d *Decoder) Err() error {
	if d.env.Strict {
		d.rejectUnknown()
	}
	if len(d.fieldErrors) == 0 {
		return nil
	}
	return Invalid(d.fieldErrors...)
}

// AddError records an error of a parameter. It drops duplicates, and all errors
// after the first 100.
func (d *Decoder) AddError(field, format string, args ...any) {
	e := FieldError{field, fmt.Sprintf(format, args...)}
	if len(d.fieldErrors) < maxFieldErrors && !slices.Contains(d.fieldErrors, e) {
		d.fieldErrors = append(d.fieldErrors, e)
	}
}

// addRejections records rejections as errors of the parameters as the caller sent them.
// It drops a rejection of a parameter that already has an error, which causes it.
func (d *Decoder) addRejections(rejections []*rejection.Rejection) {
	for _, r := range rejections {
		name := d.params.sentName(r.Field)
		if !slices.ContainsFunc(d.fieldErrors, func(e FieldError) bool { return e.Field == name }) {
			d.AddError(name, "%s", r.Message)
		}
	}
}
