// Package template writes the URLs and bodies of event notifications (webhooks)
// from templates.
//
// A template is a text with macros such as {ActionId}. Parsing a template checks
// that its output is a valid URL, form, JSON or XML document for all values that
// the macros can have, so that rendering cannot fail.
package template
