package output

import (
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
)

// Credentials prints the credentials of a token as variables. Those of admin tokens have
// other names, so that a shell can hold both.
func Credentials(w io.Writer, token store.Token, secret string) {
	prefix := "TRUEUP"
	if token.IsAdmin() {
		prefix = "TRUEUP_ADMIN"
	}
	fmt.Fprintf(w, "%[1]s_SID=%[2]s\n%[1]s_TOKEN=%[3]s\n", prefix, token.SID, secret)
}

// Tokens prints a table of tokens, without secrets.
func Tokens(w io.Writer, tokens []store.Token) error {
	table := newTable(w)
	fmt.Fprintln(table, "SID\tACCOUNT\tVERSION\tSCOPES\tLIMIT\tSTRICT\tCREATED\tEXPIRES\tOLD SECRET UNTIL\tDISABLED\tNAME")
	for _, t := range tokens {
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.SID, t.Account, t.Version, store.JoinScopes(t.Scopes, ","),
			limit(t.Limit), strict(t.Strict), Time(t.Created), Time(t.Expires), Time(t.OldUntil), Time(t.Disabled), t.Name)
	}
	return table.Flush()
}

// Time formats a time, or returns a dash for the zero time.
func Time(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}

// limit formats a number, or returns a dash for 0.
func limit(n int) string {
	if n == 0 {
		return "-"
	}
	return strconv.Itoa(n)
}

// strict returns "yes" for true, else a dash.
func strict(is bool) string {
	if is {
		return "yes"
	}
	return "-"
}
