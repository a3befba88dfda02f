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
	"github.com/trueup-ledger/trueup/internal/wire"
)

// operations are the operations of the document. The document describes one canonical form
// of each request, and allows others in its description. Requests are converted to the
// canonical form before validation.
type operations []*operation

// operation is an operation of the document.
type operation struct {
	method, path string
	match        *regexp.Regexp
	// names maps lower-case names of parameters and fields, without item numbers, to the
	// names in the document.
	names     map[string]string
	responses *v3.Responses
}

var wildcard = regexp.MustCompile(`\\\{[^}]+\\\}`)

// operationsOf returns the operations of the document.
func operationsOf(document *v3.Document) (all operations) {
	for path, item := range document.Paths.PathItems.FromOldest() {
		pattern := wildcard.ReplaceAllString(regexp.QuoteMeta(path), "[^/]+")
		for method, described := range item.GetOperations().FromOldest() {
			o := &operation{
				method: strings.ToUpper(method), path: path, match: regexp.MustCompile("^" + pattern + "$"),
				names: make(map[string]string), responses: described.Responses,
			}
			for _, p := range described.Parameters {
				if p.In == "query" {
					o.names[strings.ToLower(p.Name)] = p.Name
				}
			}
			o.addFields(described)
			all = append(all, o)
		}
	}
	return all
}

// addFields adds the names of a body's fields. For numbered fields, which the document
// describes by patterns, it adds the names that match a pattern.
func (o *operation) addFields(described *v3.Operation) {
	if described.RequestBody == nil {
		return
	}
	content, exists := described.RequestBody.Content.Get("application/json")
	if !exists {
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
		for _, name := range expandPattern(strings.TrimSuffix(strings.TrimPrefix(pattern, "^"), "[0-9]*$")) {
			o.names[strings.ToLower(name)] = name
		}
	}
}

// expandPattern returns the names that match a pattern of alternatives.
func expandPattern(pattern string) []string {
	open := strings.IndexByte(pattern, '(')
	if open < 0 {
		return []string{pattern}
	}
	end := open + strings.IndexByte(pattern[open:], ')')
	alternatives, rest := strings.Split(pattern[open+1:end], "|"), pattern[end+1:]
	if optional, ok := strings.CutPrefix(rest, "?"); ok {
		alternatives, rest = append(alternatives, ""), optional
	}
	var names []string
	for _, a := range alternatives {
		names = append(names, expandPattern(pattern[:open]+a+rest)...)
	}
	return names
}

// canonical returns the canonical form of a request and its operation. The operation is nil
// if the document doesn't describe the request.
func (all operations) canonical(r *http.Request, body []byte) (*http.Request, *operation) {
	path := withBrandRoot(withoutSuffix(r.URL.EscapedPath()))
	query, fields, isJSON := r.URL.Query(), url.Values{}, bytes.HasPrefix(bytes.TrimSpace(body), []byte("{"))
	if !isJSON {
		fields, _ = url.ParseQuery(string(body)) // fails for files and malformed bodies
	}
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	if override := query.Get("_method") + fields.Get("_method"); override != "" && method == http.MethodPost {
		method = strings.ToUpper(override)
	}
	for _, o := range all {
		if o.method == method && o.match.MatchString(path) {
			return o.canonicalRequest(r, path, query, fields, body, isJSON), o
		}
	}
	return r, nil
}

// fallback returns an operation that has only the common responses, and a valid request for
// it. They serve to validate the response to a request without an operation.
func (all operations) fallback(r *http.Request) (*http.Request, *operation) {
	path := openapi.Brand + "/CompanyInformation"
	for _, o := range all {
		if o.path == path && o.method == http.MethodGet {
			request := r.Clone(r.Context())
			request.Method, request.Body = o.method, http.NoBody
			request.URL.Path, request.URL.RawPath, request.URL.RawQuery = path, "", ""
			return request, o
		}
	}
	panic("the document has no " + path)
}

// canonicalRequest returns the canonical form of a request for the operation.
func (o *operation) canonicalRequest(r *http.Request, path string, query, fields url.Values, body []byte, isJSON bool) *http.Request {
	request := r.Clone(r.Context())
	request.Method = o.method
	request.URL.Path, request.URL.RawPath = unescaped(path), path
	query, fields = o.canonicalValues(query), o.canonicalValues(fields)
	if query.Has("DryRun") || fields.Has("DryRun") { // a preview ignores the key
		request.Header.Del("Idempotency-Key")
	}
	switch {
	case o.method == http.MethodGet:
		request.Body = http.NoBody
	case strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/"):
		request.Body = io.NopCloser(bytes.NewReader(body))
	case isJSON:
		setJSONBody(request, o.canonicalJSON(body))
	default: // a form, which the parameters of the query complete
		for name, values := range query {
			if !fields.Has(name) && name != "DryRun" {
				fields[name] = values
			}
		}
		setJSONBody(request, formJSON(fields))
	}
	request.URL.RawQuery = query.Encode()
	return request
}

// setJSONBody replaces the body of a request.
func setJSONBody(r *http.Request, text []byte) {
	r.Header.Set("Content-Type", "application/json")
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
}

// formJSON returns a form as a JSON object. The validator can't validate all forms: it
// treats characters that a form has to escape as reserved.
func formJSON(fields url.Values) []byte {
	values := make(map[string]string, len(fields))
	for name := range fields {
		values[name] = fields.Get(name)
	}
	text, err := json.Marshal(values)
	if err != nil {
		panic(err) // a map of strings can always be marshaled
	}
	return text
}

// canonicalValues returns the values that are not empty, one for each canonical name.
func (o *operation) canonicalValues(values url.Values) url.Values {
	canonical := url.Values{}
	for name, all := range values {
		for _, v := range all {
			if v != "" {
				canonical.Set(o.name(name), strings.TrimSpace(v))
			}
		}
	}
	return canonical
}

// canonicalJSON returns the object with canonical names.
func (o *operation) canonicalJSON(body []byte) []byte {
	var values map[string]any
	if json.Unmarshal(body, &values) != nil {
		return body
	}
	canonical := make(map[string]any, len(values))
	for name, v := range values {
		canonical[o.name(name)] = v
	}
	text, err := json.Marshal(canonical)
	if err != nil {
		return body
	}
	return text
}

// name returns the canonical spelling of a name, including its number.
func (o *operation) name(name string) string {
	base := strings.TrimRight(name, "0123456789")
	if described, exists := o.names[strings.ToLower(name)]; exists {
		return described
	}
	if described, exists := o.names[strings.ToLower(base)]; exists {
		return described + name[len(base):]
	}
	return name
}

// withoutSuffix returns the path without a format suffix.
func withoutSuffix(path string) string {
	if path == "/openapi.json" {
		return path
	}
	rest, _, _ := wire.CutFormatSuffix(path)
	return rest
}

// withBrandRoot returns the path with its first segment spelled as in [openapi.Brand], if
// it is another spelling of that.
func withBrandRoot(path string) string {
	first, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	root, _, _ := strings.Cut(openapi.Brand[1:], "/")
	if strings.EqualFold(first, root) || strings.EqualFold(first, strings.TrimSuffix(root, "s")) {
		return "/" + root + "/" + rest
	}
	return path
}

// unescaped returns the unescaped path, or the path itself if it is malformed.
func unescaped(path string) string {
	plain, err := url.PathUnescape(path)
	if err != nil {
		return path
	}
	return plain
}
