package output

import (
	"fmt"
	"io"

	"github.com/trueup-ledger/trueup/internal/batchfile"
)

// Accepted prints the number of rows of a file, and what in them has no effect.
func Accepted(w io.Writer, f batchfile.Accepted) {
	fmt.Fprintf(w, "%s: %d rows, %d errors", f.ID, f.Records, f.Errors)
	if f.Blank > 0 {
		fmt.Fprintf(w, ", and %d blank", f.Blank)
	}
	fmt.Fprintln(w)
	FileFormat(w, f.Format, f.IgnoredColumns)
	if f.DecimalSeparator == "," {
		fmt.Fprintf(w, "numbers have a decimal comma\n")
	}
	switch f.Unpriced {
	case 0:
	case 1:
		fmt.Fprintf(w, "1 line has no price: it pays nothing, unless its terms pay a flat amount\n")
	default:
		fmt.Fprintf(w, "%d lines have no price: they pay nothing, unless their terms pay a flat amount\n", f.Unpriced)
	}
}
