package template

import (
	"net/url"
	"strings"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// checkURL checks that the template is a URL with every value that the events can have.
func (t Template) checkURL(events []program.Event) error {
	if err := t.checkComponents("?&"); err != nil {
		return err
	}
	text := t.fill(sampleURL, sampleURL)
	u, err := url.Parse(text)
	if err == nil {
		_, err = url.ParseQuery(u.RawQuery)
	}
	other, otherErr := url.Parse(t.fill(otherSampleURL, otherSampleURL))
	switch {
	case err != nil || otherErr != nil:
		return syntaxError("Not a URL once the macros have values")
	case u.Scheme != "http" && u.Scheme != "https", u.Hostname() == "":
		return syntaxError("Must begin with https:// or http:// and a host")
	case u.Host != other.Host:
		return syntaxError("Macros are allowed only after the host")
	case u.User != nil:
		return syntaxError("Must not have a user or a password: put a secret into the path or the query")
	case strings.Contains(text, "#"):
		return syntaxError("Must not have a fragment (#): it is never sent")
	}
	return t.checkPath(events)
}

// checkPath checks that no value changes the structure of the path. Clients and proxies may
// remove a segment that is empty, "." or "..", and with ".." the segment before it.
func (t Template) checkPath(events []program.Event) error {
	for _, segment := range strings.Split(t.path(events), "/") {
		if strings.Contains(segment, sampleXML) && strings.Trim(segment, "."+sampleXML) == "" {
			return syntaxError("A segment of the path must not be a value alone, which can be empty or \"..\": " +
				"write something beside it, as in /o-{Oid}, or put it into the query")
		}
	}
	return nil
}

// path returns the decoded text before the query. It has [sampleXML] in place of macros
// whose values cannot be path segments, and [sampleURL] in place of others.
func (t Template) path(events []program.Event) string {
	var b strings.Builder
	for _, p := range t.parts {
		text, _, ends := strings.Cut(p.text, "?")
		switch {
		case p.macro == nil:
			decoded, _ := url.PathUnescape(text) // checkURL has parsed the whole URL
			b.WriteString(decoded)
		case p.macro.isPathSafe(events):
			b.WriteString(sampleURL)
		default:
			b.WriteString(sampleXML)
		}
		if ends {
			break
		}
	}
	return b.String()
}

// checkComponents checks that the literal text of a URL or form is percent-encoded, and
// that {items[]} is between separators. The separators are the characters that can precede
// a field.
func (t Template) checkComponents(separators string) error {
	previous := ""
	for i, p := range t.parts {
		if p.macro == nil {
			if at := strings.IndexFunc(p.text, needsEscape); at >= 0 {
				return syntaxError("Write it percent-encoded, such as %20 for a space: " + wire.Excerpt(p.text[at:]))
			}
			previous = p.text
			continue
		}
		ends := i+1 == len(t.parts) || strings.HasPrefix(t.parts[i+1].text, "&")
		begins := i == 0 && separators == "&" ||
			previous != "" && strings.ContainsRune(separators, rune(previous[len(previous)-1]))
		if p.macro.items && (!begins || !ends) {
			return syntaxError("{items[]} stands for whole fields: write it between " + separators + " and &, or at the end")
		}
		previous = ""
	}
	return nil
}

// needsEscape reports whether r must be percent-encoded in a URL.
func needsEscape(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\"<>\\^`{|}", r) }
