package openapi

import "github.com/trueup-ledger/trueup/internal/wire/published"

// publishedSchemas returns the schemas of the objects that package published declares.
func publishedSchemas() object {
	schemas := object{}
	for name, fields := range map[string][]published.Field{
		"CompanyInformation": published.Company, "Campaign": published.Campaign, "Partner": published.Partner, "Contract": published.Contract,
	} {
		schema := publishedObject(fields)
		schema["xml"] = object{"name": name}
		schemas[name] = schema
	}
	return schemas
}

// publishedObject returns the schema of an object. Versions that lack a field don't send it.
func publishedObject(fields []published.Field) object {
	properties, required := object{}, []any{}
	for _, f := range fields {
		properties[f.Name] = publishedField(f)
		if f.Since == 0 {
			required = append(required, f.Name)
		}
	}
	return object{"type": "object", "required": required, "additionalProperties": false, "properties": properties}
}

func publishedField(f published.Field) object {
	if f.Element == "" {
		return publishedElement(f)
	}
	items := publishedElement(f)
	items["xml"] = object{"name": f.Element}
	return object{"type": "array", "xml": object{"wrapped": true}, "items": items}
}

// publishedElement returns the schema of a field, or of the elements of an array.
func publishedElement(f published.Field) object {
	switch f.Kind {
	case published.Object:
		return publishedObject(f.Fields)
	case published.Timestamp:
		return componentRef("schemas", "Instant")
	case published.Integer:
		return componentRef("schemas", "Integer")
	case published.Number:
		return componentRef("schemas", "Number")
	case published.Boolean:
		return componentRef("schemas", "Boolean")
	}
	schema := object{"type": "string"}
	if len(f.Values) > 0 {
		values := []any{""}
		for _, v := range f.Values {
			values = append(values, v)
		}
		schema["enum"] = values
	}
	if f.Kind == published.URI {
		schema["description"] = "A URI, or empty"
	}
	return schema
}
