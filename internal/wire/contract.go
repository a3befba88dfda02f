package wire

import (
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// Statuses of contracts.
const (
	ContractActive  = "ACTIVE"
	ContractExpired = "EXPIRED"
)

// ContractStatus returns the status of a contract at a time.
func ContractStatus(c program.Contract, at time.Time) string {
	if c.End.IsZero() || at.Before(c.End) {
		return ContractActive
	}
	return ContractExpired
}

const contractIDPrefix = "S-"

// FormatContractID returns the id of a contract as clients know it, such as "S-3240326".
func FormatContractID(id int64) string { return contractIDPrefix + strconv.FormatInt(id, 10) }

// ParseContractID parses an id that [FormatContractID] returns.
func ParseContractID(s string) (int64, error) {
	digits, found := strings.CutPrefix(s, contractIDPrefix)
	id, err := parseID(digits)
	if !found || err != nil {
		return 0, valueError("Not a contract id, as in S-3240326")
	}
	return id, nil
}
