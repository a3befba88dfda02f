package negotiate

import (
	"mime"
	"strconv"
	"strings"

	"github.com/trueup-ledger/trueup/internal/wire"
)

// statusNotAcceptable is the HTTP status of an error of [Format].
const statusNotAcceptable = 406

// preference is the rank of a format in an Accept header.
type preference struct {
	quality     float64
	specificity int
	position    int
}

func (p preference) betterThan(q preference) bool {
	if p.quality != q.quality {
		return p.quality > q.quality
	}
	if p.specificity != q.specificity {
		return p.specificity > q.specificity
	}
	return p.position < q.position
}

// Format returns the format that an Accept header prefers. It compares the q-values,
// then how specific the media ranges are, then their order; in a tie, it returns XML.
// If the header accepts neither format, the error is an [*wire.Error] with status 406.
func Format(accept string) (wire.Format, error) {
	if strings.TrimSpace(accept) == "" {
		return wire.XML, nil
	}
	asXML := preferenceFor(accept, "application/xml", "text/xml")
	asJSON := preferenceFor(accept, "application/json", "text/json")
	switch {
	case asXML.quality <= 0 && asJSON.quality <= 0:
		return wire.XML, &wire.Error{Status: statusNotAcceptable, Message: "Accept application/xml or application/json"}
	case asJSON.betterThan(asXML):
		return wire.JSON, nil
	default:
		return wire.XML, nil
	}
}

// preferenceFor returns the preference of the most specific media range that matches
// one of the types.
func preferenceFor(accept string, types ...string) preference {
	var best preference
	position := 0
	for part := range strings.SplitSeq(accept, ",") {
		position++
		media, quality, valid := parseRange(part)
		if !valid {
			continue
		}
		for _, t := range types {
			p := preference{quality, specificity(media, t), position}
			moreSpecific := p.specificity > best.specificity
			if moreSpecific || p.specificity > 0 && p.specificity == best.specificity && p.betterThan(best) {
				best = p
			}
		}
	}
	return best
}

// parseRange parses a media range with its quality, which is 1 if it isn't given.
func parseRange(s string) (media string, quality float64, valid bool) {
	if !strings.Contains(s, ";") {
		return strings.ToLower(strings.TrimSpace(s)), 1, true
	}
	media, options, err := mime.ParseMediaType(s)
	if err != nil {
		return "", 0, false
	}
	q, given := options["q"]
	if !given {
		return media, 1, true
	}
	quality, err = strconv.ParseFloat(q, 64)
	return media, quality, err == nil && quality >= 0 && quality <= 1
}

// specificity returns how specifically a media range matches a type, or 0 if it
// doesn't.
func specificity(media, t string) int {
	group, _, _ := strings.Cut(t, "/")
	switch media {
	case t:
		return 3
	case group + "/*":
		return 2
	case "*/*":
		return 1
	default:
		return 0
	}
}
