package adminapi

import (
	"fmt"
	"math"
	"net/url"
	"strconv"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// maxBody is the maximum size of a body in bytes. The body of an account may be larger.
const maxBody = wire.MaxBody

const (
	defaultPageSize = 100
	maxPageSize     = 1000
)

// forAccount returns a handler that calls handle with the account in the path. An invalid
// id is handled like that of an unknown account.
func forAccount(handle accountHandler) func(httpapi.OperatorRequest) error {
	return func(o httpapi.OperatorRequest) error {
		account, err := scalar.ID(o.Path("account"))
		if err != nil {
			return ledger.ErrNotFound
		}
		return handle(o, account)
	}
}

// readBody calls read with the JSON object in the body.
func readBody(o httpapi.OperatorRequest, read func(refdata.Entry)) error {
	text, err := o.Body(maxBody)
	if err != nil {
		return err
	}
	return refdata.ParseEntry("", text, read)
}

// readReason reads a body that may contain a reason only.
func readReason(o httpapi.OperatorRequest) (reason string, err error) {
	err = readBody(o, func(e refdata.Entry) { reason = optionalReason(e) })
	return reason, err
}

func optionalReason(e refdata.Entry) string {
	return refdata.Optional(e, "reason", "", scalar.Text(store.MaxReason))
}

func requiredReason(e refdata.Entry) string {
	reason := optionalReason(e)
	if message := store.CheckReason(reason); message != "" {
		e.Errorf("reason", "%s", message)
	}
	return reason
}

// queryForce returns the value of the parameter force, which confirms implausible terms.
func queryForce(o httpapi.OperatorRequest) (force bool, err error) {
	values, err := o.Query("force")
	if err != nil {
		return false, err
	}
	switch text, sent := values["force"]; {
	case !sent || text == "false":
		return false, nil
	case text == "true":
		return true, nil
	}
	return false, wire.Invalid(wire.FieldError{Field: "force", Message: "Must be true or false"})
}

// queryNumbers returns the whole numbers of a query string. Only the parameters in ranges
// are allowed.
func queryNumbers(o httpapi.OperatorRequest, ranges ...numberRange) (map[string]int64, error) {
	names := make([]string, len(ranges))
	for i, r := range ranges {
		names[i] = r.name
	}
	values, err := o.Query(names...)
	if err != nil {
		return nil, err
	}
	return parseNumbers(values, ranges...)
}

// parseNumbers returns the whole numbers of the parameters in ranges.
func parseNumbers(values map[string]string, ranges ...numberRange) (map[string]int64, error) {
	numbers := make(map[string]int64, len(ranges))
	for _, r := range ranges {
		text, exists := values[r.name]
		if !exists {
			numbers[r.name] = r.fallback
			continue
		}
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < r.min || n > r.max {
			return nil, wire.Invalid(wire.FieldError{Field: r.name, Message: fmt.Sprintf("Must be a whole number from %d to %d", r.min, r.max)})
		}
		numbers[r.name] = n
	}
	return numbers, nil
}

// numberRange is a numeric parameter with its default value and its bounds.
type numberRange struct {
	name               string
	fallback, min, max int64
}

// Parameters of lists.
var (
	accountParameter = numberRange{"account", 0, 0, maxNumber}
	beforeParameter  = numberRange{"before", 0, 0, maxNumber}
	pageParameter    = numberRange{"page", 1, 1, math.MaxInt32 + 1}
	limitParameter   = numberRange{"limit", defaultPageSize, 1, maxPageSize}
)

const maxNumber = 1 << 62

// nextPage returns the URL of the next page, or "" if there is none. The current page has
// count entries, and last is the number of its last entry.
func nextPage(path string, numbers map[string]int64, count int, last int64) string {
	if count < int(numbers["limit"]) {
		return ""
	}
	next := make(url.Values, len(numbers))
	for name, n := range numbers {
		next.Set(name, strconv.FormatInt(n, 10))
	}
	next.Set("before", strconv.FormatInt(last, 10))
	return Root + path + "?" + next.Encode()
}
