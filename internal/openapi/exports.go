package openapi

import (
	"slices"

	"github.com/trueup-ledger/trueup/internal/export"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/query"
)

// pageParameters are the parameters of lists that exports don't have.
var pageParameters = []string{"Page", "PageSize", "Cursor", "IrVersion"}

// addExports adds the paths and schemas of exports to a document with the paths of lists. An
// export has the filter of its list.
func addExports(document object) {
	paths, _ := document["paths"].(object)
	components, _ := document["components"].(object)
	schemas, _ := components["schemas"].(object)
	formats := make([]any, len(query.ExportFormats))
	for i, f := range query.ExportFormats {
		formats[i] = string(f)
	}
	for _, r := range export.Resources {
		parameters := []any{object{
			"name": query.ResultFormat, "in": "query", "description": "In any letter case; the default is CSV",
			"schema": object{"type": "string"}, "example": formats[0],
		}}
		list, _ := paths[Brand+r.List].(object)
		get, _ := list["get"].(object)
		all, _ := get["parameters"].([]any)
		for _, p := range all {
			isPage := slices.ContainsFunc(pageParameters, func(name string) bool { return p.(object)["$ref"] == "#/components/parameters/"+name })
			if !isPage {
				parameters = append(parameters, p)
			}
		}
		for _, name := range r.Parameters {
			parameters = append(parameters, componentRef("parameters", name))
		}
		schemas[r.Name+"Line"] = lineSchema(r.Columns())
		paths[Brand+"/Exports/"+r.Name] = object{"get": object{
			"operationId": "export" + r.Name,
			"tags":        []any{"Exports"},
			"summary":     "Export " + r.Summary,
			"description": "Everything that matches, in the columns of `" + r.Name + "Line`. Without dates it covers all times; a range may be open and of any length.",
			"parameters":  parameters,
			"responses": object{"200": object{
				"description": "The export; incomplete if the connection is closed before the end of the body",
				"headers":     object{"Content-Disposition": object{"description": "The name of a file", "schema": object{"type": "string"}}},
				"content": object{
					export.MediaTypes[query.CSV]: object{"schema": object{"type": "string"}},
					export.MediaTypes[query.JSONLines]: object{"schema": object{
						"type": "array", "description": "The elements are lines; there are no brackets and commas", "items": componentRef("schemas", r.Name+"Line"),
					}},
					export.MediaTypes[query.Parquet]: object{"schema": object{"type": "string", "format": "binary"}},
				},
			}},
		}}
	}
}

// lineSchema returns the schema of a line of JSON.
func lineSchema(columns []export.Column) object {
	properties, required := object{}, []any{}
	for _, c := range columns {
		required = append(required, c.Name)
		switch c.Kind {
		case encode.IntegerField:
			properties[c.Name] = object{"type": []any{"integer", "null"}}
		case encode.AmountField:
			properties[c.Name] = object{"type": []any{"string", "null"}, "pattern": "^-?[0-9]+([.][0-9]+)?$", "description": "DECIMAL in Parquet"}
		case encode.TimeField:
			properties[c.Name] = object{"type": []any{"string", "null"}, "format": "date-time", "description": "TIMESTAMP in microseconds in Parquet"}
		case encode.BooleanField:
			properties[c.Name] = object{"type": "boolean"}
		default:
			properties[c.Name] = object{"type": "string"}
		}
	}
	return object{"type": "object", "required": required, "additionalProperties": false, "properties": properties}
}
