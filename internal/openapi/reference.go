package openapi

import (
	"strings"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// referencePaths returns the paths of the admin API for entries of reference data, except
// for accounts. Those have more operations and are described in document/.
func referencePaths() object {
	paths := object{}
	for _, kind := range program.ReferenceKinds {
		if kind.List == "" || kind.Name == program.KindAccount {
			continue
		}
		path := Admin + "/accounts/{account}/" + kind.List + "/{" + strings.Join(kind.Keys, "}/{") + "}"
		put := referenceOperation(kind, "Put", "Create or change", "ReferenceEntry", "Recorded")
		put["parameters"] = append(put["parameters"].([]any), componentRef("parameters", "Force"))
		operations := object{"put": put}
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

// referenceOperation returns an operation on an entry. Its id consists of "admin", the verb
// and the kind. request and response are names of schemas. request is empty if the operation
// has no body.
func referenceOperation(kind program.ReferenceKind, verb, summary, request, response string) object {
	parameters := []any{componentRef("parameters", "PathAccount")}
	for _, key := range kind.Keys {
		parameters = append(parameters, object{"name": key, "in": "path", "required": true, "schema": keySchema(key)})
	}
	operation := object{
		"operationId": "admin" + verb + operationName(kind.Name),
		"tags":        []any{"Admin"},
		"summary":     summary + " " + withArticle(kind.Name),
		"parameters":  parameters,
		"responses":   object{"200": object{"description": "Success", "content": jsonContent(response)}},
	}
	if request != "" {
		operation["parameters"] = append(parameters, componentRef("parameters", "IdempotencyKey"))
		operation["requestBody"] = object{"content": jsonContent(request)}
	}
	return operation
}

// keySchema returns the schema of a key in the path of an entry.
func keySchema(key string) object {
	if key == "campaign" {
		return object{"type": "integer", "minimum": 1}
	}
	return object{"type": "string"}
}

// jsonContent returns the content of a JSON body with a schema.
func jsonContent(schema string) object {
	return object{"application/json": object{"schema": componentRef("schemas", schema)}}
}

// operationName returns the name of a kind in camel case, such as "EventType".
func operationName(kind string) string {
	var b strings.Builder
	for word := range strings.FieldsSeq(kind) {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}

// withArticle returns a noun with its indefinite article.
func withArticle(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}
