// Package output prints the results of commands, and writes files that are either complete or
// absent.
package output

import (
	"io"
	"text/tabwriter"
)

// newTable returns a writer that aligns cells, which tabs separate.
func newTable(w io.Writer) *tabwriter.Writer { return tabwriter.NewWriter(w, 0, 0, 2, ' ', 0) }
