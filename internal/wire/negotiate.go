package wire

import (
	"mime"
	"strconv"
	"strings"
)

// Format is the format of a response.
type Format int

// The formats. XML is the default.
const (
	XML Format = iota
	JSON
)

// ContentType returns the media type of the format.
func (f Format) ContentType() string {
	if f == JSON {
		return "application/json; charset=utf-8"
	}
	return "application/xml; charset=utf-8"
}

// CutFormatSuffix cuts the suffix .json or .xml from an escaped path and returns the
// format that it stands for. A suffix doesn't begin with an escaped dot.
func CutFormatSuffix(path string) (rest string, format Format, found bool) {
	if rest, found = cutSuffixFold(path, ".json"); found {
		return rest, JSON, true
	}
	rest, found = cutSuffixFold(path, ".xml")
	return rest, XML, found
}

func cutSuffixFold(s, suffix string) (string, bool) {
	if at := len(s) - len(suffix); at >= 0 && strings.EqualFold(s[at:], suffix) {
		return s[:at], true
	}
	return s, false
}

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

// Negotiate returns the format that an Accept header prefers. It compares the q-values,
// then how specific the media ranges are, then their order; in a tie, it returns XML.
// If the header accepts neither format, the error is an [*Error] with status 406.
func Negotiate(accept string) (Format, error) {
	if strings.TrimSpace(accept) == "" {
		return XML, nil
	}
	asXML := preferenceFor(accept, "application/xml", "text/xml")
	asJSON := preferenceFor(accept, "application/json", "text/json")
	switch {
	case asXML.quality <= 0 && asJSON.quality <= 0:
		return XML, &Error{Status: statusNotAcceptable, Message: "Accept application/xml or application/json"}
	case asJSON.betterThan(asXML):
		return JSON, nil
	default:
		return XML, nil
	}
}

// preferenceFor returns the preference of the most specific media range that matches
// one of the types.
func preferenceFor(accept string, types ...string) preference {
	var best preference
	position := 0
	for part := range strings.SplitSeq(accept, ",") {
		position++
		media, options, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		quality, err := strconv.ParseFloat(options["q"], 64)
		if _, given := options["q"]; !given {
			quality = 1
		} else if err != nil || !(quality >= 0 && quality <= 1) {
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
