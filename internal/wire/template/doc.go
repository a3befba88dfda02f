// Package template renders the URLs and bodies of event notifications (webhooks)
// from templates.
//
// A template is a text with macros such as {ActionId}. Parsing a template checks that its
// output is a valid URL, form, JSON or XML document for all values of the macros. Rendering
// therefore cannot fail.
package template
