package wire

import (
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// decodeExtras reads the parameters of a conversion that no rule uses. It checks their
// values, and keeps them as the caller sent them.
func (d *Decoder) decodeExtras() map[string]string {
	kept := make(map[string]string)
	keepTexts(d, kept, parseAmount, "OrderShipping", "OrderTax", "OrderRebate")
	keepTexts(d, kept, emailHash, "CustomerEmail")
	keepTexts(d, kept, parseDecimal, "OrderMargin")
	keepTexts(d, kept, parseBool, "GiftPurchase", "TrackingConsent")
	keepTexts(d, kept, parseID, "PropertyId")
	keepTexts(d, kept, textUpTo(maxText), "CustomerArea", "PaymentType", "UserAgent", "SubId1", "SubId2", "SubId3",
		"EventCode", "CountryCode", "LocationId", "LocationName", "LocationType",
		"CustomProfileId", "CustomClickId", "UniqueUrl")
	keepTexts(d, kept, textUpTo(maxText), otherReferrerNames...)
	keepTexts(d, kept, textUpTo(maxCustomText), numberedNames("Text", 50)...)
	keepTexts(d, kept, parseDecimal, numberedNames("Numeric", 10)...)
	keepTexts(d, kept, parseDecimal, numberedNames("Money", 3)...)
	keepTexts(d, kept, d.parseEventDate, numberedNames("Date", 10)...)
	if hash := d.hashed("PhoneNumber"); hash != "" {
		kept["PhoneNumber"] = hash
	}
	d.decodeItemExtras(kept)
	d.decodeDeviceFields(kept)
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// keepTexts reads each name as a separate parameter, and stores its text in kept. It
// bounds texts that parse doesn't bound, such as numbers with many zeros.
func keepTexts[T comparable](d *Decoder, kept map[string]string, parse func(string) (T, error), names ...string) {
	for _, name := range names {
		text := ""
		read(d, func(s string) (T, error) {
			text = s
			if len(s) > maxText*utf8.UTFMax {
				var zero T
				return zero, valueError("At most " + strconv.Itoa(maxText) + " characters")
			}
			return parse(s)
		}, name)
		if text != "" {
			kept[name] = text
		}
	}
}

// decodeDeviceFields keeps the parameters about the buyer's device and app. The
// protocol doesn't list their names.
func (d *Decoder) decodeDeviceFields(kept map[string]string) {
	count := 0
	for i := range d.params.list {
		q := &d.params.list[i]
		if q.read || !isDeviceField(q.lower) {
			continue
		}
		if count++; count > maxDeviceFields || len(q.name) > maxNameLength {
			d.AddError(Excerpt(q.name), "Send at most %d fields of device and app, with names of at most %d bytes",
				maxDeviceFields, maxNameLength)
			return
		}
		keepTexts(d, kept, textUpTo(maxText), q.name)
	}
}

// isDeviceField reports whether a name in lower case is that of a parameter about the
// buyer's device or app.
func isDeviceField(lower string) bool {
	return (strings.HasPrefix(lower, "device") || strings.HasPrefix(lower, "app")) && !isPersonal(lower)
}

// isPersonal reports whether a name suggests personal data or a secret. Such parameters
// are ignored.
func isPersonal(lower string) bool {
	return strings.HasSuffix(lower, "ip") || strings.HasSuffix(lower, "ipaddress") ||
		slices.ContainsFunc([]string{"email", "phonenumber", "secret", "token", "password", "key"}, func(word string) bool {
			return strings.Contains(lower, word)
		})
}

// numberedNames returns name followed by each number from 1 to last.
func numberedNames(name string, last int) []string {
	names := make([]string, last)
	for i := range names {
		names[i] = name + strconv.Itoa(i+1)
	}
	return names
}

// emailHash parses the SHA-1 or SHA-256 of an email address in hex. Addresses are never
// stored.
func emailHash(s string) (string, error) {
	sum, err := hex.DecodeString(s)
	if err != nil || len(sum) != 20 && len(sum) != 32 {
		return "", valueError("Must be the SHA-1 or SHA-256 of the address in hex, never the address itself")
	}
	return s, nil
}
