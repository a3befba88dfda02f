// Package encode writes responses as JSON or XML.
//
// For each kind of object, one function writes the fields in order, for both formats and
// all versions of the protocol.
package encode
