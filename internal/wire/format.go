package wire

import "strings"

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
