package output

import (
	"fmt"
	"io"

	"github.com/trueup-ledger/trueup/internal/refdata"
)

// maxChanges bounds the number of printed changes.
const maxChanges = 100

// Recorded prints the number of entries of each account that are new or changed, and up
// to maxChanges changes.
func Recorded(out io.Writer, recorded []refdata.Recorded) {
	shown, more := 0, 0
	for _, r := range recorded {
		fmt.Fprintf(out, "account %d: %d entries new or changed\n", r.Account, r.Entries)
		for _, c := range r.Changes {
			if shown == maxChanges {
				more++
				continue
			}
			fmt.Fprintf(out, "  %s\n", c)
			shown++
		}
		if r.Unlisted > 0 {
			fmt.Fprintf(out, "  clicks and rate tables: %d new or changed\n", r.Unlisted)
		}
	}
	if more > 0 {
		fmt.Fprintf(out, "… and %d more\n", more)
	}
}
