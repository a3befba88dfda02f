// Package negotiate reads what a caller asks for besides the command: the format of the
// response, the time to wait, and the key of an idempotent write.
package negotiate
