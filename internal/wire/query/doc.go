// Package query decodes the requests for lists: their filters and their page.
//
// A Decode function reads the parameters of one list. Its error is a [*wire.Error] that names
// every malformed parameter.
package query
