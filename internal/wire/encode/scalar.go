package encode

import (
	"strconv"

	"github.com/trueup-ledger/trueup/ledger/ids"
	"github.com/trueup-ledger/trueup/money"
)

func appendActionID(dst []byte, id ids.ActionID) []byte {
	dst = append(strconv.AppendInt(dst, id.Campaign, 10), '.')
	dst = append(strconv.AppendInt(dst, id.EventType, 10), '.')
	return strconv.AppendInt(dst, id.Number, 10)
}

// AppendAmount appends the text that [money.Currency.Format] returns, without
// allocating.
func AppendAmount(dst []byte, a money.Amount, digits int) []byte {
	if a < 0 {
		dst, a = append(dst, '-'), -a
	}
	start := len(dst)
	dst = strconv.AppendInt(dst, int64(a), 10)
	if digits == 0 {
		return dst
	}
	for len(dst)-start <= digits {
		dst = append(dst, 0)
		copy(dst[start+1:], dst[start:])
		dst[start] = '0'
	}
	point := len(dst) - digits
	dst = append(dst, 0)
	copy(dst[point+1:], dst[point:])
	dst[point] = '.'
	return dst
}
