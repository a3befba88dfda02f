package wire

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// extras reads what a conversion may carry beside what rules look at. The values
// are checked and kept as they were sent.
func (f *fields) extras() map[string]string {
	kept := make(map[string]string)
	keep(f, kept, parseAmount, "OrderShipping", "OrderTax", "OrderRebate")
	keep(f, kept, emailHash, "CustomerEmail")
	keep(f, kept, textUpTo(maxText), "CustomerArea", "PaymentType", "UserAgent", "SubId1", "SubId2", "SubId3")
	for _, key := range otherKeys {
		if key != "CallerId" { // the conversion has a place for it
			keep(f, kept, textUpTo(maxText), key)
		}
	}
	keep(f, kept, textUpTo(maxCustomText), through("Text", 50)...)
	keep(f, kept, parseSigned, through("Numeric", 10)...)
	keep(f, kept, parseSigned, through("Money", 3)...)
	keep(f, kept, f.parseEventDate, through("Date", 10)...)
	f.deviceFields(kept)
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// keep reads parameters that stand for themselves and keeps their texts.
func keep[T comparable](f *fields, kept map[string]string, parse func(string) (T, error), names ...string) {
	for _, name := range names {
		text := ""
		take(f, func(s string) (T, error) {
			text = s
			if len(s) > maxText*utf8.UTFMax {
				var none T
				return none, fault("At most " + strconv.Itoa(maxText) + " characters")
			}
			return parse(s)
		}, name)
		if text != "" {
			kept[name] = text
		}
	}
}

// deviceFields keeps the fields about the buyer's device and app, whose names the
// protocol leaves open.
func (f *fields) deviceFields(kept map[string]string) {
	count := 0
	for i := range f.params.list {
		q := &f.params.list[i]
		if q.read || !strings.HasPrefix(q.lower, "device") && !strings.HasPrefix(q.lower, "app") || personal(q.lower) {
			continue
		}
		if count++; count > maxDeviceFields || len(q.name) > maxNameShown {
			f.fault(shown(q.name), "Send at most %d fields of device and app, with names of at most %d bytes",
				maxDeviceFields, maxNameShown)
			return
		}
		keep(f, kept, textUpTo(maxText), q.name)
	}
}

// personal reports whether a field's name says that it holds what must not be
// kept as it is: such a field is ignored, and named among the ignored ones.
func personal(lower string) bool {
	return strings.HasSuffix(lower, "ip") || strings.HasSuffix(lower, "ipaddress") ||
		slices.ContainsFunc([]string{"email", "secret", "token", "password", "key"}, func(word string) bool {
			return strings.Contains(lower, word)
		})
}

// through answers a name with each number from 1.
func through(name string, last int) []string {
	names := make([]string, last)
	for i := range names {
		names[i] = name + strconv.Itoa(i+1)
	}
	return names
}

// emailHash takes a SHA-1 or SHA-256 in hex: addresses themselves are kept nowhere.
func emailHash(s string) (string, error) {
	sum, err := hex.DecodeString(s)
	if err != nil || len(sum) != 20 && len(sum) != 32 {
		return "", fault("Must be the SHA-1 or SHA-256 of the address in hex, never the address itself")
	}
	return s, nil
}
