package manual

import (
	"fmt"
	"strings"
)

// roff is a page in the macros of man(7).
type roff struct{ strings.Builder }

func (r *roff) printf(format string, args ...any) { fmt.Fprintf(r, format, args...) }

// section begins a section.
func (r *roff) section(title string) { r.printf(".SH %s\n", quote(title)) }

// text writes a paragraph.
func (r *roff) text(text string) { r.printf("%s\n", escape(strings.ReplaceAll(text, "\n", " "))) }

// tagged writes a text with a name before it.
func (r *roff) tagged(name, text string) {
	r.printf(".TP\n.B %s\n", quote(name))
	r.text(text)
}

// block writes lines as they are.
func (r *roff) block(lines string) {
	r.printf(".PP\n.RS 4\n.nf\n")
	for line := range strings.SplitSeq(strings.TrimRight(lines, "\n"), "\n") {
		r.printf("%s\n", escape(line))
	}
	r.printf(".fi\n.RE\n")
}

// special are characters that roff would interpret, or replace by typographic ones.
var special = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`, "\"", `\(dq`)

// escape returns a text for a line of its own.
func escape(text string) string {
	text = special.Replace(text)
	if strings.HasPrefix(text, ".") {
		text = `\&` + text
	}
	return text
}

// quote returns a text as the argument of a macro.
func quote(text string) string { return `"` + special.Replace(text) + `"` }
