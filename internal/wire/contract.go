package wire

import (
	"strconv"
	"strings"
)

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
