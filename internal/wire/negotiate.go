package wire

import (
	"mime"
	"strconv"
	"strings"
)

// Format is how an answer is written.
type Format int

// The formats. XML is what a caller gets who asks for nothing.
const (
	XML Format = iota
	JSON
)

// ContentType answers the format's media type.
func (f Format) ContentType() string {
	if f == JSON {
		return "application/json; charset=utf-8"
	}
	return "application/xml; charset=utf-8"
}

// Method answers the method that a request means: a POST may carry PUT or DELETE
// in the parameter _method.
func Method(method string, p *Params) (string, error) {
	if method != "POST" {
		return method, nil
	}
	f := fields{params: p}
	override, given := take(&f, func(s string) (string, error) {
		switch upper := strings.ToUpper(s); upper {
		case "POST", "PUT", "DELETE":
			return upper, nil
		default:
			return "", fault("Must be PUT or DELETE")
		}
	}, "_method")
	if !given {
		return method, nil
	}
	return override, f.err()
}

// Suffix cuts the ending .json or .xml from a path as it was sent (escaped: an
// encoded dot begins no ending), and answers the format it asks for.
func Suffix(path string) (rest string, format Format, found bool) {
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

// preference is what an Accept header says of one format.
type preference struct {
	quality     float64
	specificity int
	position    int
}

func (p preference) better(q preference) bool {
	if p.quality != q.quality {
		return p.quality > q.quality
	}
	if p.specificity != q.specificity {
		return p.specificity > q.specificity
	}
	return p.position < q.position
}

// Negotiate answers the format that an Accept header prefers: by q-value, then by
// how exactly it is named, then by its place, then XML. Neither acceptable is a 406.
func Negotiate(accept string) (Format, error) {
	if strings.TrimSpace(accept) == "" {
		return XML, nil
	}
	asXML := prefer(accept, "application/xml", "text/xml")
	asJSON := prefer(accept, "application/json", "text/json")
	switch {
	case asXML.quality <= 0 && asJSON.quality <= 0:
		return XML, &Error{Status: statusNotAcceptable, Message: "Accept application/xml or application/json"}
	case asJSON.better(asXML):
		return JSON, nil
	default:
		return XML, nil
	}
}

// prefer answers the preference of the range that names the types most exactly.
func prefer(accept string, types ...string) preference {
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
			exacter := p.specificity > best.specificity
			if exacter || p.specificity > 0 && p.specificity == best.specificity && p.better(best) {
				best = p
			}
		}
	}
	return best
}

// specificity answers how exactly a media range names a type; 0 is not at all.
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

// Versions of the wire.
const (
	OldestVersion  = 11
	CurrentVersion = 14
	// versionNames has EventCode, ClientCost and the names of event types.
	versionNames = 12
	// versionNumbers emits numbers where older ones have strings only.
	versionNumbers = 14
)

// VersionHeaders are the headers that may ask for a version.
var VersionHeaders = []string{"IR-Version", "IrVersion"}

// Version answers the version that a request asks for by parameter, or else by
// header, or else the fallback. An unknown one is a 400.
func Version(p *Params, header string, fallback int) (int, error) {
	f := fields{params: p}
	version, given := take(&f, parseVersion, "IrVersion", "Ir-Version")
	if given {
		return version, f.err()
	}
	if header == "" {
		return fallback, nil
	}
	version, err := parseVersion(header)
	if err != nil {
		return 0, Invalid(Fault{VersionHeaders[0], err.Error()})
	}
	return version, nil
}

func parseVersion(s string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < OldestVersion || n > CurrentVersion {
		return 0, fault("Unknown version: use 11, 12, 13 or 14")
	}
	return n, nil
}
