// Package export writes whole lists as CSV, JSON lines and Parquet.
//
// [Resources] declares what can be exported. Columns, paths, commands and the OpenAPI document
// derive from it.
package export
