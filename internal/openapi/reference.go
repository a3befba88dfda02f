package openapi

import (
	"strings"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// referencePaths returns the paths of the admin API for entries of reference data. Those
// of accounts are in the document, because they have more operations.
func referencePaths() object {
	paths := object{}
	for _, kind := range program.ReferenceKinds {
		if kind.List == "" || kind.Name == program.KindAccount {
			continue
		}
		path := Admin + "/accounts/{account}/" + kind.List + "/{" + strings.Join(kind.Keys, "}/{") + "}"
		operations := object{"put": referenceOperation(kind, "Put", "Create or change", "ReferenceEntry", "Recorded")}
		if kind.InReference() {
			operations["get"] = referenceOperation(kind, "Get", "Read", "", "ReferenceEntry")
		}
		paths[path] = operations
		if kind.EndKey != "" {
			paths[path+"/end"] = object{"post": referenceOperation(kind, "End", "End", "EndRequest", "Recorded")}
		}
	}
	return paths
}

// referenceOperation returns an operation on an entry. request and response are the names
// of schemas; request is empty for an operation without a body. prefix is part of the id.
func referenceOperation(kind program.ReferenceKind, prefix, summary, request, response string) object {
	parameters := []any{reference("parameters", "PathAccount")}
	for _, key := range kind.Keys {
		parameters = append(parameters, object{"name": key, "in": "path", "required": true, "schema": keySchema(key)})
	}
	operation := object{
		"operationId": "admin" + prefix + operationName(kind.Name),
		"tags":        []any{"Admin"},
		"summary":     summary + " " + withArticle(kind.Name),
		"parameters":  parameters,
		"responses":   object{"200": object{"description": "Success", "content": jsonContent(response)}},
	}
	if request != "" {
		operation["requestBody"] = object{"content": jsonContent(request)}
	}
	return operation
}

// keySchema returns the schema of a value that identifies an entry.
func keySchema(key string) object {
	if key == "campaign" {
		return object{"type": "integer", "minimum": 1}
	}
	return object{"type": "string"}
}

// jsonContent returns a JSON body with a schema.
func jsonContent(schema string) object {
	return object{"application/json": object{"schema": reference("schemas", schema)}}
}

// operationName returns the name of a kind in camel case, as "EventType".
func operationName(kind string) string {
	var b strings.Builder
	for word := range strings.FieldsSeq(kind) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

func withArticle(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}
