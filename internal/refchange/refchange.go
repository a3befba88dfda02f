// Package refchange makes the changes of reference data that callers of the protocol
// request: groups of partners, promo codes and the values of partners. Each function decodes a
// request and returns a change, which passes the same checks as an entry of a reference file
// (docs/decisions/0024).
package refchange

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// maxText is the maximum length of a name or a code in characters.
const maxText = 255

// NotFound returns the error for an object that doesn't exist. The message names the object.
func NotFound(format string, args ...any) *wire.Error {
	return &wire.Error{Status: http.StatusNotFound, Message: "There is no " + fmt.Sprintf(format, args...)}
}

// amendment returns a change of reference data and the path of the changed resource.
type amendment func(before *program.Reference, at time.Time) (store.ReferenceChange, string, error)

// amend returns the store's form of an amendment. names maps the keys of the entry in a
// reference file to the parameters of the request, which errors name.
func amend(names map[string]string, a amendment) store.AmendReference {
	return func(before *program.Reference, at time.Time) (store.ReferenceChange, error) {
		change, resource, err := a(before, at)
		if invalid := (*refdata.FileError)(nil); errors.As(err, &invalid) {
			return store.ReferenceChange{}, fieldErrors(names, invalid)
		}
		change.Resource = resource
		return change, err
	}
}

// fieldErrors returns the errors of an entry as errors of parameters.
func fieldErrors(names map[string]string, invalid *refdata.FileError) *wire.Error {
	var list []wire.FieldError
	for _, d := range invalid.Diagnostics {
		field := wire.FieldError{Field: d.Key, Message: d.Message}
		if name, known := names[d.Key]; known {
			field.Field = name
		}
		list = append(list, field)
	}
	return wire.Invalid(list...)
}

// newDecoder returns a decoder of a request that takes effect at once and can't be a dry run.
func newDecoder(p *wire.Params, env wire.Env) *wire.Decoder {
	d := wire.NewDecoder(p, env)
	d.RejectDryRun()
	return d
}

// readIDs reads ids that are separated by commas.
func readIDs(d *wire.Decoder, name string) []int64 {
	text, _ := wire.Read(d, func(s string) (string, error) {
		_, err := parseIDs(s)
		return s, err
	}, name)
	ids, _ := parseIDs(text) // validated above
	return ids
}

// parseIDs parses ids that are separated by commas, and drops repeated ones.
func parseIDs(s string) (ids []int64, err error) {
	if s == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(s, ",") {
		id, err := scalar.ID(strings.TrimSpace(part))
		if err != nil {
			return nil, scalar.Errorf("Must be the ids of partners, separated by commas: %q is none", wire.Excerpt(part))
		}
		ids = append(ids, id)
	}
	if len(ids) > program.MaxGroupPartners {
		return nil, scalar.Errorf("At most %d partners", program.MaxGroupPartners)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}

func decimal(id int64) string { return strconv.FormatInt(id, 10) }
