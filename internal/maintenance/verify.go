package maintenance

import (
	"context"
	"fmt"
	"io"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/verify"
	"github.com/trueup-ledger/trueup/ledger"
)

// VerifyStore prints the violations of a store and fails if there are any. It reads the archives
// in a folder, unless that is nil.
func VerifyStore(ctx context.Context, out io.Writer, st *sqlstore.Store, archives store.ArchiveFolder) error {
	result, err := verify.Run(ctx, st, ledger.Decide, archives)
	for _, v := range result.Violations {
		fmt.Fprintln(out, v)
	}
	if err != nil {
		return err
	}
	if checked, err := st.HasIntegrityCheck(ctx); err != nil {
		return err
	} else if !checked {
		fmt.Fprintln(out, "The indexes were not checked: the server has no extension amcheck, or doesn't permit its use.")
	}
	if n := len(result.Violations); n > 0 {
		return fmt.Errorf("%d violations; at most %d are printed", n, verify.MaxViolations)
	}
	if result.Erased > 0 {
		fmt.Fprintf(out, "%d actions are erased: they were verified without personal data.\n", result.Erased)
	}
	if result.Archived > 0 {
		how := "verified in their archives"
		if archives == nil {
			how = "their archives were not read (see trueup verify --archive)"
		}
		fmt.Fprintf(out, "%d actions are archived: %s.\n", result.Archived, how)
	}
	fmt.Fprintln(out, "All accounts verified: no violations.")
	return nil
}
