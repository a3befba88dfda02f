// Package openapi builds the OpenAPI 3.1 document of the program.
//
// Each file in document/ describes the paths of one topic: parameters, bodies, successful
// responses and schemas. The package adds the paths of reference data in the admin API,
// which it derives from [program.ReferenceKinds], the schemas of the objects that package
// published declares, the exports of package export, and the parts that all paths have in
// common: the AccountSID, error responses and headers. Package check validates the requests
// and responses of tests against the document.
package openapi

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed document/*.yaml
var files embed.FS

// Prefixes of paths.
const (
	// Brand is the prefix of the paths of an account in the Brand API.
	Brand = "/Advertisers/{AccountSID}"
	// Admin is the prefix of the paths of the admin API.
	Admin = "/admin/v1"
)

// JSON returns the document as JSON. It builds the document once.
var JSON = sync.OnceValues(func() ([]byte, error) {
	document, err := load()
	if err != nil {
		return nil, fmt.Errorf("load OpenAPI document: %w", err)
	}
	complete(document)
	return json.MarshalIndent(document, "", " ")
})

// object is an object in the document.
type object = map[string]any

// load merges the files and the derived paths. Conflicting definitions are an error.
func load() (object, error) {
	document := object{"paths": referencePaths(), "components": object{"schemas": publishedSchemas()}}
	names, err := fs.Glob(files, "document/*.yaml")
	for _, name := range names {
		text, readErr := files.ReadFile(name)
		part := object{}
		err = errors.Join(err, readErr, yaml.Unmarshal(text, &part))
		if mergeErr := merge(document, part); mergeErr != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", name, mergeErr))
		}
	}
	addExports(document)
	return document, err
}

// merge adds the values of src to dst. It concatenates lists and merges objects.
func merge(dst, src object) error {
	for key, value := range src {
		existing, exists := dst[key]
		if !exists {
			dst[key] = value
			continue
		}
		if list, ok := existing.([]any); ok {
			more, _ := value.([]any)
			dst[key] = append(list, more...)
			continue
		}
		dstObject, dstOK := existing.(object)
		srcObject, srcOK := value.(object)
		if !dstOK || !srcOK {
			return fmt.Errorf("duplicate key %s", key)
		}
		if err := merge(dstObject, srcObject); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}

// Components that complete adds to operations, by status or header name.
var (
	commonResponses = map[string]string{
		"400": "BadRequest", "401": "Unauthorized", "403": "Forbidden", "404": "NotFound", "405": "MethodNotAllowed", "406": "NotAcceptable",
		"408": "RequestTimeout", "429": "RateLimited", "500": "InternalError", "503": "Unavailable",
	}
	writeResponses  = map[string]string{"409": "Conflict", "413": "TooLarge", "415": "UnsupportedMediaType"}
	responseHeaders = map[string]string{
		"X-Request-Id": "RequestId", "Trueup-Ignored-Parameters": "IgnoredParameters", "Trueup-Fault": "InjectedFault",
		"Trueup-Unpriced-Lines": "UnpricedLines", "Trueup-Decimal-Separator": "DecimalSeparator",
		"X-RateLimit-Limit": "RateLimit", "X-RateLimit-Remaining": "RateLimitRemaining", "X-RateLimit-Reset": "RateLimitReset",
	}
)

// componentRef returns a reference to a component.
func componentRef(kind, name string) object {
	return object{"$ref": "#/components/" + kind + "/" + name}
}

// complete adds the common responses, headers and parameters to all operations of accounts
// and of the admin API.
func complete(document object) {
	paths, _ := document["paths"].(object)
	for path, item := range paths {
		operations, _ := item.(object)
		brand := strings.HasPrefix(path, Brand)
		if !brand && !strings.HasPrefix(path, Admin) {
			continue
		}
		for method, operation := range operations {
			responses, _ := operation.(object)["responses"].(object)
			if !brand && method != "get" {
				addReplayed(responses)
			}
			addResponses(responses, commonResponses)
			if method != "get" {
				addResponses(responses, writeResponses)
			}
			addHeaders(responses)
		}
		if brand {
			operations["parameters"] = []any{componentRef("parameters", "AccountSID")}
		}
	}
	components, _ := document["components"].(object)
	shared, _ := components["responses"].(object)
	addHeaders(shared)
}

// addReplayed adds the header of a repeated response to the responses of a write of the admin API.
func addReplayed(responses object) {
	for _, response := range responses {
		response.(object)["headers"] = object{"Idempotency-Replayed": componentRef("headers", "Replayed")}
	}
}

// addResponses adds references to the components.
func addResponses(responses object, components map[string]string) {
	for status, name := range components {
		responses[status] = componentRef("responses", name)
	}
}

// addHeaders adds the common headers to responses that are described in place. Responses in
// plain text are not part of the protocol and don't have them.
func addHeaders(responses object) {
	for _, response := range responses {
		described, _ := response.(object)
		content, _ := described["content"].(object)
		_, isReference := described["$ref"]
		if _, plain := content["text/plain"]; plain || isReference {
			continue
		}
		headers := object{}
		if own, ok := described["headers"].(object); ok {
			maps.Copy(headers, own)
		}
		for name, component := range responseHeaders {
			headers[name] = componentRef("headers", component)
		}
		described["headers"] = headers
	}
}
