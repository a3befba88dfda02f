// Package encode writes responses as JSON or XML.
//
// Objects, lists and errors have one list of fields each, in the order in which both
// formats write them. It also says how the versions of the protocol differ.
package encode
