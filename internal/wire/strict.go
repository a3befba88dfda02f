package wire

import (
	"maps"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/internal/spelling"
)

// knownNames maps the names that a strict decoder knows, in lower case, to their spelling.
type knownNames map[string]knownName

type knownName struct {
	name string
	// item reports whether a number can follow the name.
	item bool
}

// knows records a name for which a strict decoder looks.
func (d *Decoder) knows(name string, item bool) {
	if !d.env.Strict {
		return
	}
	if d.known == nil {
		d.known = make(knownNames)
	}
	lower := strings.ToLower(name)
	d.known[lower] = knownName{name, item || d.known[lower].item}
}

// knowsItems records the names of item parameters.
func (d *Decoder) knowsItems(set nameSet) {
	if !d.env.Strict {
		return
	}
	for _, p := range set {
		d.knows(p.name, true)
	}
}

// has reports whether a name in lower case is known.
func (k knownNames) has(lower string) bool {
	if _, known := k[lower]; known {
		return true
	}
	return k[strings.TrimRight(lower, "0123456789")].item
}

// rejectUnknown records an error for each parameter that the decoder neither read nor looked
// for. The error suggests the nearest name.
func (d *Decoder) rejectUnknown() {
	var names []string
	for i := range d.params.list {
		q := &d.params.list[i]
		if len(d.fieldErrors) == maxFieldErrors {
			return
		}
		if q.read || controlNames[q.lower] || d.known.has(q.lower) {
			continue
		}
		if names == nil {
			for _, lower := range slices.Sorted(maps.Keys(d.known)) {
				names = append(names, d.known[lower].name)
			}
		}
		message := "Not a parameter of this request"
		if nearest := spelling.Nearest(q.name, names); nearest != "" {
			message += ": did you mean " + nearest + "?"
		}
		d.AddError(Excerpt(q.name), "%s", message)
	}
}

// CheckNoParameters decodes a request that has no parameters. The error is an [*Error].
func CheckNoParameters(p *Params, env Env) error { return NewDecoder(p, env).Err() }
