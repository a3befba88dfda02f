package wire

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/spelling"
	"github.com/trueup-ledger/trueup/ledger"
)

// recordedRead is a name that [read] was called with.
type recordedRead struct {
	name string
	// number reports whether the values are numbers that can have decimal places.
	number bool
}

func newRecordedReads(names []string, number bool) []recordedRead {
	reads := make([]recordedRead, len(names))
	for i, name := range names {
		reads[i] = recordedRead{name, number}
	}
	return reads
}

// recordReads returns the names of the parameters that decode reads.
func recordReads[T any](decode func(*Decoder) T) []recordedRead {
	var reads []recordedRead
	decode(&Decoder{params: new(Params), firstItem: 1, env: Env{Zone: time.UTC}, recorded: &reads})
	return reads
}

// isNumberParser reports whether a parser accepts decimal numbers only.
func isNumberParser[T any](parse func(string) (T, error)) bool {
	_, ofNumber := parse("1.0")
	_, ofText := parse("x")
	return ofNumber == nil && ofText != nil
}

// Parameters describes the parameters that the decoder of a command reads. It is derived
// from the decoder.
type Parameters struct {
	// names and items map names in lower case to descriptions. A number can follow those
	// of items.
	names, items map[string]recordedRead
	// extras reports whether the decoder also reads fields of device and app, and those
	// of order lines that no rule uses.
	extras bool
}

var parametersOf = map[ledger.Kind]*Parameters{
	ledger.KindConversion: newParameters(true, recordReads((*Decoder).decodeConversion),
		append(recordReads((*Decoder).decodeLine), recordedRead{"Amount", true})),
	ledger.KindModification: newParameters(false, recordReads((*Decoder).decodeModification), recordReads((*Decoder).decodeItemChange)),
	ledger.KindReversal:     newParameters(false, recordReads((*Decoder).decodeReversal), nil),
}

// ParametersOf returns the parameters of a conversion, a modification or a reversal.
func ParametersOf(kind ledger.Kind) *Parameters { return parametersOf[kind] }

func newParameters(extras bool, names, items []recordedRead) *Parameters {
	index := func(reads []recordedRead) map[string]recordedRead {
		m := make(map[string]recordedRead, len(reads))
		for _, r := range reads {
			m[strings.ToLower(r.name)] = r
		}
		return m
	}
	return &Parameters{index(names), index(items), extras}
}

// find returns the description of the parameter with the name.
func (p *Parameters) find(name string) (recordedRead, bool) {
	if e, _, _ := splitItemExtra(name); e != nil {
		return recordedRead{name, e.number}, p.extras
	}
	name = strings.ToLower(name)
	if r, known := p.names[name]; known {
		return r, true
	}
	base := strings.TrimRight(name, "0123456789")
	r, known := p.items[base]
	if digits := name[len(base):]; known && digits != "" {
		n, err := strconv.Atoi(digits)
		known = err == nil && n >= 1 && n <= maxItemNumber
	}
	return r, known
}

// Has reports whether the decoder reads the parameter.
func (p *Parameters) Has(name string) bool {
	_, known := p.find(name)
	return known || p.extras && isDeviceField(strings.ToLower(name))
}

// IsNumber reports whether the values of the parameter are numbers that can have decimal
// places. Ids are not.
func (p *Parameters) IsNumber(name string) bool {
	r, known := p.find(name)
	return known && r.number
}

// IsCommandParameter reports whether a conversion, a modification or a reversal has the
// parameter.
func IsCommandParameter(name string) bool {
	return slices.ContainsFunc(commandKinds, func(k ledger.Kind) bool { return parametersOf[k].Has(name) }) || controlNames[strings.ToLower(name)]
}

var commandKinds = []ledger.Kind{ledger.KindConversion, ledger.KindModification, ledger.KindReversal}

// commandNames are the names of the parameters of all commands in a fixed order.
var commandNames = func() (names []string) {
	for _, k := range commandKinds {
		for _, set := range []map[string]recordedRead{parametersOf[k].names, parametersOf[k].items} {
			for _, r := range set {
				names = append(names, r.name)
			}
		}
	}
	for _, e := range itemExtras {
		if e.values == 0 {
			names = append(names, e.name)
			continue
		}
		names = append(names, e.name+"1_1")
	}
	slices.Sort(names)
	return slices.Compact(names)
}()

// NearestParameter returns the name of a parameter of commands that an unknown name is
// probably a misspelling of, or "". See [spelling.Nearest].
func NearestParameter(name string) string { return spelling.Nearest(name, commandNames) }
