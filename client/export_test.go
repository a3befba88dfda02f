package client

import "reflect"

// VerifyWebhookAt is [VerifyWebhook] at a given time.
var VerifyWebhookAt = verifyWebhook

// WireFields returns the types of the fields of a struct by their names in the protocol.
func WireFields(t reflect.Type) map[string]reflect.Type {
	types := make(map[string]reflect.Type)
	for _, f := range fieldsOf(t) {
		types[f.name] = t.FieldByIndex(f.index).Type
	}
	return types
}
