// Package wire decodes requests of the protocol that Trueup serves: the conversion,
// action and submission part of impact.com's Brand API.
//
// A request becomes [Params], whether its parameters come from the query string, a form
// or a JSON object. A Decode function turns them into a value such as a command of
// package ledger. Its error is an [*Error] that names every malformed parameter. The subpackage query
// decodes the requests for lists, encode writes the responses as JSON or XML, and
// template renders event notifications.
//
// The package has no side effects: the time, hashes and generated ids are arguments, in
// [Env].
package wire
