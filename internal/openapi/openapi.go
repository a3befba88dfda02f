// Package openapi has the OpenAPI 3.1 document of what the program serves. To add an
// endpoint, write its path into the file of its topic under document/: its own
// parameters, body and 200, and the schemas that are new. What every path below an
// account has (the AccountSID, the errors, the headers) is added here; package check
// holds the document against every request and answer of the tests.
package openapi

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed document/*.yaml
var files embed.FS

// Brand begins the paths of an account, Admin those of the operator.
const (
	Brand = "/Advertisers/{AccountSID}"
	Admin = "/admin/v1"
)

// JSON answers the document. It is made once.
var JSON = sync.OnceValues(func() ([]byte, error) {
	document, err := merged()
	if err != nil {
		return nil, fmt.Errorf("the OpenAPI document: %w", err)
	}
	complete(document)
	return json.MarshalIndent(document, "", " ")
})

// object is a node of the document.
type object = map[string]any

// merged puts the files together. What two of them say differently is an error.
func merged() (object, error) {
	document := object{}
	names, err := fs.Glob(files, "document/*.yaml")
	for _, name := range names {
		text, readErr := files.ReadFile(name)
		part := object{}
		err = errors.Join(err, readErr, yaml.Unmarshal(text, &part))
		if mergeErr := merge(document, part); mergeErr != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", name, mergeErr))
		}
	}
	return document, err
}

func merge(into, from object) error {
	for key, value := range from {
		was, known := into[key]
		if !known {
			into[key] = value
			continue
		}
		if list, is := was.([]any); is {
			more, _ := value.([]any)
			into[key] = append(list, more...)
			continue
		}
		a, isObject := was.(object)
		b, too := value.(object)
		if !isObject || !too {
			return fmt.Errorf("%s is there twice", key)
		}
		if err := merge(a, b); err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
	}
	return nil
}

// Answers that every operation of an account can give, and those of writes beside.
var (
	always = map[string]string{
		"400": "Malformed", "401": "Unauthorized", "403": "Forbidden", "404": "Missing", "405": "NotAllowed", "406": "NotAcceptable",
		"429": "Spent", "500": "Failed", "503": "Away",
	}
	ofWrites = map[string]string{"409": "Conflict", "413": "TooLarge", "415": "Unsupported"}
	headers  = map[string]string{
		"X-Request-Id": "RequestId", "Trueup-Ignored-Parameters": "Ignored", "Trueup-Fault": "Fault",
		"X-RateLimit-Limit": "Limit", "X-RateLimit-Remaining": "Remaining", "X-RateLimit-Reset": "Reset",
	}
)

func reference(kind, name string) object { return object{"$ref": "#/components/" + kind + "/" + name} }

// complete adds to each operation of an account, and of the operator, what all have.
func complete(document object) {
	paths, _ := document["paths"].(object)
	for path, item := range paths {
		operations, _ := item.(object)
		brand := strings.HasPrefix(path, Brand)
		if !brand && !strings.HasPrefix(path, Admin) {
			continue
		}
		for method, operation := range operations {
			answers, _ := operation.(object)["responses"].(object)
			for status, name := range always {
				answers[status] = reference("responses", name)
			}
			for status, name := range ofWrites {
				if method != "get" {
					answers[status] = reference("responses", name)
				}
			}
			addHeaders(answers)
		}
		if brand {
			operations["parameters"] = []any{reference("parameters", "AccountSID")}
		}
	}
	components, _ := document["components"].(object)
	shared, _ := components["responses"].(object)
	addHeaders(shared)
}

// addHeaders describes the headers that stand in every answer, where the answer is
// described in place.
func addHeaders(answers object) {
	for _, answer := range answers {
		described, _ := answer.(object)
		content, _ := described["content"].(object)
		_, elsewhere := described["$ref"]
		if _, plain := content["text/plain"]; plain || elsewhere { // plain text is none of the protocol
			continue
		}
		own, _ := described["headers"].(object)
		if own == nil {
			own = object{}
			described["headers"] = own
		}
		for name, component := range headers {
			own[name] = reference("headers", component)
		}
	}
}
