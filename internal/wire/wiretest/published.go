package wiretest

import (
	_ "embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/wire/published"
)

//go:embed testdata/published.txt
var publishedText string

// PublishedFields returns the fields of an object as testdata/published.txt lists them.
func PublishedFields(t testing.TB, object string) []published.Field {
	t.Helper()
	fields := publishedObjects()[object]
	if len(fields) == 0 {
		t.Fatalf("testdata/published.txt has no object %s", object)
	}
	return fields
}

// publishedObjects parses the list. An object can refer to others.
var publishedObjects = sync.OnceValue(func() map[string][]published.Field {
	sources := make(map[string]string)
	name := ""
	for line := range strings.Lines(publishedText) {
		switch line = strings.TrimRight(line, "\n"); {
		case line == "", line[0] == '#':
		case line[0] == ' ':
			sources[name] += line[1:] // a continuation begins with two spaces
		default:
			var source string
			name, source, _ = strings.Cut(line, ": ")
			sources[name] = source
		}
	}
	objects := make(map[string][]published.Field)
	for name := range sources {
		p := publishedParser{sources: sources, rest: sources[name]}
		objects[name] = p.fields()
	}
	return objects
})

// publishedParser parses the fields of an object.
type publishedParser struct {
	sources map[string]string
	rest    string
}

var (
	publishedName  = regexp.MustCompile(`^\w+`)
	publishedKinds = map[string]published.Kind{
		"str": published.Text, "uri": published.URI, "time": published.Timestamp, "int": published.Integer, "num": published.Number,
		"bool": published.Boolean, "object": published.Object,
	}
)

// cut removes a prefix and reports whether the rest begins with it.
func (p *publishedParser) cut(prefix string) (found bool) {
	p.rest, found = strings.CutPrefix(p.rest, prefix)
	return found
}

func (p *publishedParser) word() string {
	word := publishedName.FindString(p.rest)
	p.rest = p.rest[len(word):]
	return word
}

func (p *publishedParser) fields() (fields []published.Field) {
	for {
		f := published.Field{Name: p.word()}
		if f.Name == "" || !p.cut(" ") {
			panic("published.txt: no field at " + p.rest)
		}
		p.fieldType(&f)
		fields = append(fields, f)
		if !p.cut(", ") {
			return fields
		}
	}
}

// fieldType parses the type of a field. The Element of an array is only a mark here.
func (p *publishedParser) fieldType(f *published.Field) {
	switch {
	case p.cut("["):
		p.fieldType(f)
		p.cut("]")
		f.Element = "*"
	case p.cut("{"):
		f.Kind, f.Fields = published.Object, p.fields()
		p.cut("}")
	case p.cut("enum("):
		values, rest, _ := strings.Cut(p.rest, ")")
		f.Values, p.rest = strings.Split(values, "|"), rest
	default:
		word := p.word()
		kind, isKind := publishedKinds[word]
		if source, isObject := p.sources[word]; isObject && !isKind {
			inner := publishedParser{sources: p.sources, rest: source}
			kind, f.Fields = published.Object, inner.fields()
		} else if !isKind {
			panic(fmt.Sprintf("published.txt: %s has the unknown type %q", f.Name, word))
		}
		f.Kind = kind
	}
}

// CheckPublished checks that an object has its published fields in order, with the published
// types in JSON. The object may have others. Arrays that must not be empty, so that
// their elements are checked too, are all but those in mayBeEmpty.
func CheckPublished(t *testing.T, object string, asJSON, asXML []byte, mayBeEmpty ...string) {
	t.Helper()
	fields := PublishedFields(t, object)
	c := publishedCheck{t: t, mayBeEmpty: mayBeEmpty}
	c.isJSON = true
	c.object(object, fields, ReadJSONTree(t, asJSON))
	c.isJSON = false
	root := ReadXMLTree(t, asXML)
	if root.Name != "ImpactRadiusResponse" || len(root.Children) != 1 {
		t.Fatalf("XML of %s is %s", object, asXML)
	}
	c.object(object, fields, root.Children[0])
}

// publishedCheck checks an object in one format.
type publishedCheck struct {
	t          *testing.T
	isJSON     bool
	mayBeEmpty []string
}

func (c publishedCheck) object(path string, fields []published.Field, n Node) {
	c.t.Helper()
	var want, got []string
	byName := make(map[string]Node)
	for _, f := range fields {
		want = append(want, f.Name)
	}
	for _, child := range n.Children {
		byName[child.Name] = child
		if slices.Contains(want, child.Name) {
			got = append(got, child.Name)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		c.t.Errorf("%s (-published +got), JSON %t:\n%s", path, c.isJSON, diff)
		return
	}
	for _, f := range fields {
		c.field(path+"."+f.Name, f, byName[f.Name])
	}
}

func (c publishedCheck) field(path string, f published.Field, n Node) {
	c.t.Helper()
	if f.Element == "" {
		c.element(path, f, n)
		return
	}
	if c.isJSON && n.Kind != Array {
		c.t.Errorf("%s is not an array", path)
	}
	if len(n.Children) == 0 && !slices.Contains(c.mayBeEmpty, f.Name) {
		c.t.Errorf("%s is empty: its elements were not checked", path)
	}
	for _, element := range n.Children {
		c.element(path, f, element)
	}
}

// element checks a value that is not an array, or an element of one.
func (c publishedCheck) element(path string, f published.Field, n Node) {
	c.t.Helper()
	if f.Kind == published.Object {
		if c.isJSON && n.Kind != Nested {
			c.t.Errorf("%s is not an object", path)
		}
		c.object(path, f.Fields, n)
		return
	}
	if len(n.Children) > 0 {
		c.t.Errorf("%s has elements", path)
	}
	if f.Kind == published.Timestamp && n.Text != "" {
		if _, err := time.Parse(time.RFC3339, n.Text); err != nil {
			c.t.Errorf("%s is %q, not a timestamp", path, n.Text)
		}
	}
	want := String
	switch f.Kind {
	case published.Integer, published.Number:
		want = JSONNumber
		if f.Kind == published.Integer && strings.ContainsAny(n.Text, ".eE") {
			c.t.Errorf("%s is %s, not an integer", path, n.Text)
		}
	case published.Boolean:
		want = JSONBoolean
	}
	if c.isJSON && n.Kind != want {
		c.t.Errorf("%s is %s of the wrong type", path, n.Text)
	}
}
