package query

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/trueup-ledger/trueup/internal/wire"
)

const (
	// maxIDs is the maximum number of ids in a filter.
	maxIDs = 1000
	// maxIDDigits is the maximum number of digits of an id.
	maxIDDigits = 16
)

// readIDs reads positive whole numbers that are separated by commas, in order.
func readIDs(d *wire.Decoder, name string) []int64 {
	text, _ := wire.Read(d, func(s string) (string, error) {
		_, err := parseIDs(s)
		return s, err
	}, name)
	ids, _ := parseIDs(text) // it was parsed before
	slices.Sort(ids)
	return ids
}

func parseIDs(s string) (ids []int64, err error) {
	if s == "" {
		return nil, nil
	}
	if strings.Count(s, ",") >= maxIDs {
		return nil, fmt.Errorf("At most %d ids", maxIDs)
	}
	for text := range strings.SplitSeq(s, ",") {
		text = strings.TrimSpace(text)
		id, err := strconv.ParseUint(text, 10, 63)
		if err != nil || id == 0 || len(text) > maxIDDigits {
			return nil, errors.New("Not a whole number from 1, of at most 16 digits; separate several by commas")
		}
		ids = append(ids, int64(id))
	}
	return ids, nil
}
