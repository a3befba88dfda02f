// Package wire is the dialect that Trueup speaks: the conversion, action and
// submission part of impact.com's Brand API. It reads requests into the
// commands and filters of package trueup, and writes its values as JSON or XML.
//
// The package is pure: bytes and values in, values and bytes out. A request
// becomes [Params], whatever its door was (query, form, JSON); the Decode
// functions make commands and queries of them and name every fault of a request
// at once in an [*Error]. An [Encoder] appends answers to a buffer, so that long
// lists can be streamed.
package wire
