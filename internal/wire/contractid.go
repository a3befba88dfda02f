package wire

import "strings"

// ParseContractID parses a contract id from a path, such as "S-3240326".
func ParseContractID(s string) (int64, error) {
	digits, found := strings.CutPrefix(s, "S-")
	id, err := parseID(digits)
	if !found || err != nil {
		return 0, valueError("Not a contract's id, as in S-3240326")
	}
	return id, nil
}
