package check

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	v3 "github.com/pb33f/libopenapi/datamodel/high/v3"

	"github.com/trueup-ledger/trueup/internal/openapi"
)

// The document describes one spelling of each request. The conventions in its
// description allow others, which are undone here, and only here, before a request
// is validated.

// operations are what the document describes.
type operations []*operation

type operation struct {
	method, path string
	match        *regexp.Regexp
	// names are those of parameters and fields by their lower case, and behind
	// numbers too.
	names map[string]string
	// answers are what it can give.
	answers *v3.Responses
}

var wildcard = regexp.MustCompile(`\\\{[^}]+\\\}`)

func operationsOf(document *v3.Document) (found operations) {
	for path, item := range document.Paths.PathItems.FromOldest() {
		pattern := wildcard.ReplaceAllString(regexp.QuoteMeta(path), "[^/]+")
		for method, of := range item.GetOperations().FromOldest() {
			o := &operation{method: strings.ToUpper(method), path: path, match: regexp.MustCompile("^" + pattern + "$"), names: make(map[string]string), answers: of.Responses}
			for _, p := range of.Parameters {
				if p.In == "query" {
					o.names[strings.ToLower(p.Name)] = p.Name
				}
			}
			o.addFields(of)
			found = append(found, o)
		}
	}
	return found
}

// addFields notes the names of a body's fields; of those with numbers, the ones that
// the document's patterns are made of.
func (o *operation) addFields(of *v3.Operation) {
	if of.RequestBody == nil {
		return
	}
	content, found := of.RequestBody.Content.Get("application/json")
	if !found {
		return
	}
	schema := content.Schema.Schema()
	for name := range schema.Properties.FromOldest() {
		o.names[strings.ToLower(name)] = name
	}
	if schema.PatternProperties == nil {
		return
	}
	for pattern := range schema.PatternProperties.FromOldest() {
		for _, name := range spelledOut(strings.TrimSuffix(strings.TrimPrefix(pattern, "^"), "[0-9]*$")) {
			o.names[strings.ToLower(name)] = name
		}
	}
}

// spelledOut answers the names that a pattern of alternatives stands for.
func spelledOut(pattern string) []string {
	open := strings.IndexByte(pattern, '(')
	if open < 0 {
		return []string{pattern}
	}
	end := open + strings.IndexByte(pattern[open:], ')')
	alternatives, rest := strings.Split(pattern[open+1:end], "|"), pattern[end+1:]
	if optional, is := strings.CutPrefix(rest, "?"); is {
		alternatives, rest = append(alternatives, ""), optional
	}
	var names []string
	for _, a := range alternatives {
		names = append(names, spelledOut(pattern[:open]+a+rest)...)
	}
	return names
}

// canonical answers the request in the one spelling that is described, and its
// operation, or nil if there is none.
func (all operations) canonical(r *http.Request, body []byte) (*http.Request, *operation) {
	path := brand(withoutSuffix(r.URL.EscapedPath()))
	query, fields, isJSON := r.URL.Query(), url.Values{}, bytes.HasPrefix(bytes.TrimSpace(body), []byte("{"))
	if !isJSON {
		fields, _ = url.ParseQuery(string(body)) // a file, or what is refused
	}
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if meant := value(query, "_method") + value(fields, "_method"); meant != "" && method == http.MethodPost {
		method = strings.ToUpper(meant)
	}
	for _, o := range all {
		if o.method == method && o.match.MatchString(path) {
			return o.request(r, path, query, fields, body, isJSON), o
		}
	}
	return r, nil
}

// any answers a request for what has no answers of its own, in the place of one that
// has no operation.
func (all operations) any(r *http.Request) (*http.Request, *operation) {
	path := openapi.Brand + "/CompanyInformation"
	for _, o := range all {
		if o.path == path && o.method == http.MethodGet {
			described := r.Clone(r.Context())
			described.Method, described.Body = o.method, http.NoBody
			described.URL.Path, described.URL.RawPath, described.URL.RawQuery = path, "", ""
			return described, o
		}
	}
	panic("the document has no " + path)
}

func (o *operation) request(r *http.Request, path string, query, fields url.Values, body []byte, isJSON bool) *http.Request {
	described := r.Clone(r.Context())
	described.Method = o.method
	described.URL.Path, described.URL.RawPath = unescaped(path), path
	query, fields = o.spelled(query), o.spelled(fields)
	if query.Has("DryRun") || fields.Has("DryRun") { // no key is looked at then
		described.Header.Del("Idempotency-Key")
	}
	switch {
	case o.method == http.MethodGet:
		described.Body = http.NoBody
	case strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/"):
		described.Body = io.NopCloser(bytes.NewReader(body))
	case isJSON:
		described.Header.Set("Content-Type", "application/json")
		text := o.spelledJSON(body)
		described.Body, described.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	default: // the query says what the body lacks
		for name, values := range query {
			if !fields.Has(name) && name != "DryRun" {
				fields[name] = values
			}
		}
		o.asJSON(described, fields)
	}
	described.URL.RawQuery = query.Encode()
	return described
}

// asJSON says in a JSON object what the form says, whose texts may be of any
// characters: the validator takes those for reserved that a form has to escape.
func (o *operation) asJSON(described *http.Request, fields url.Values) {
	values := make(map[string]string, len(fields))
	for name := range fields {
		values[name] = fields.Get(name)
	}
	text, err := json.Marshal(values)
	if err != nil {
		panic(err) // texts always can be
	}
	described.Header.Set("Content-Type", "application/json")
	described.Body, described.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
}

// spelled answers the values under the described names: one of each, none empty.
func (o *operation) spelled(values url.Values) url.Values {
	described := url.Values{}
	for name, all := range values {
		for _, v := range all {
			if v != "" {
				described.Set(o.name(name), strings.TrimSpace(v))
			}
		}
	}
	return described
}

func (o *operation) spelledJSON(body []byte) []byte {
	var values map[string]any
	if json.Unmarshal(body, &values) != nil {
		return body
	}
	described := make(map[string]any, len(values))
	for name, v := range values {
		described[o.name(name)] = v
	}
	text, err := json.Marshal(described)
	if err != nil {
		return body
	}
	return text
}

// name answers the described spelling of a name, with the number behind it.
func (o *operation) name(name string) string {
	base := strings.TrimRight(name, "0123456789")
	if is, found := o.names[strings.ToLower(name)]; found {
		return is
	}
	if is, found := o.names[strings.ToLower(base)]; found {
		return is + name[len(base):]
	}
	return name
}

func value(values url.Values, name string) string { return values.Get(name) }

func withoutSuffix(path string) string {
	for _, suffix := range []string{".json", ".xml"} {
		if at := len(path) - len(suffix); at > 0 && strings.EqualFold(path[at:], suffix) && path != "/openapi.json" {
			return path[:at]
		}
	}
	return path
}

// brand answers the path with its first segment as the document spells it.
func brand(path string) string {
	first, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	root, _, _ := strings.Cut(openapi.Brand[1:], "/")
	if strings.EqualFold(first, root) || strings.EqualFold(first, strings.TrimSuffix(root, "s")) {
		return "/" + root + "/" + rest
	}
	return path
}

func unescaped(path string) string {
	plain, err := url.PathUnescape(path)
	if err != nil {
		return path
	}
	return plain
}
