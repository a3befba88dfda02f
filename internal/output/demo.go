package output

import (
	"fmt"
	"io"

	"github.com/trueup-ledger/trueup/internal/demo"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// Demo describes a demo that is ready.
type Demo struct {
	// URL is the address of the protocol, and Admin that of the admin API, or "".
	URL, Admin string
	// Secret, SecretJapan and SecretAdmin are the secrets of [demo.SID], [demo.SIDJapan] and
	// [demo.SIDAdmin].
	Secret, SecretJapan, SecretAdmin string
	// SignIn is the path that signs in to the console once.
	SignIn string
	// Example is the action of the first worked example.
	Example ids.ActionID
}

// PrintEnvironment prints the address and the credentials as variables.
func (d Demo) PrintEnvironment(w io.Writer) {
	fmt.Fprintf(w, "TRUEUP_URL=%s\nTRUEUP_SID=%s\nTRUEUP_TOKEN=%s\n", d.URL, demo.SID, d.Secret)
}

// Print prints the introduction.
func (d Demo) Print(w io.Writer) {
	fmt.Fprintf(w, demoText, d.URL, demo.SID, d.Secret, demo.SIDJapan, d.SecretJapan, d.Example)
	fmt.Fprintf(w, "\nThe console: %s/console/\nSign in by this link, which works once: %s%s\n", d.URL, d.URL, d.SignIn)
	fmt.Fprintf(w, "\nFrom tracking to payment, an example of each state until the month ends:\n\n")
	for _, e := range demo.Examples {
		fmt.Fprintf(w, "curl '%[1]s/Advertisers/%[2]s%[4]s' -u '%[2]s:%[3]s' -H 'Accept: application/json'  # %[5]s\n", d.URL, demo.SID, d.Secret, e.Path, e.State)
	}
	if d.Admin != "" {
		fmt.Fprintf(w, demoAdminText, d.Admin, demo.SIDAdmin, d.SecretAdmin, demo.Account)
	}
	fmt.Fprintf(w, "\nPress Ctrl-C to stop. The data are kept; trueup demo --fresh deletes them.\n")
}

// demoText introduces the demo. Its commands can be pasted into a shell.
const demoText = `
The demo is ready at %[1]s

  AccountSID %[2]s   AuthToken %[3]s   (USD)
  AccountSID %[4]s   AuthToken %[5]s   (JPY)

An order and its items:

curl '%[1]s/Advertisers/%[2]s/Actions/%[6]s' -u '%[2]s:%[3]s' -H 'Accept: application/json'
curl '%[1]s/Advertisers/%[2]s/Actions/%[6]s/Items' -u '%[2]s:%[3]s' -H 'Accept: application/json'

The customer returns one of two units. Then the item and the updates of the action:

curl '%[1]s/Advertisers/%[2]s/Actions' -X PUT -u '%[2]s:%[3]s' -H 'Accept: application/json' -H 'Content-Type: application/x-www-form-urlencoded' -d 'ActionId=%[6]s' -d 'Sku=12345' -d 'Quantity=1' -d 'Reason=ORDER_UPDATE'
curl '%[1]s/Advertisers/%[2]s/Actions/%[6]s/Items/12345' -u '%[2]s:%[3]s' -H 'Accept: application/json'
curl '%[1]s/Advertisers/%[2]s/ActionUpdates?ActionId=%[6]s' -u '%[2]s:%[3]s' -H 'Accept: application/json'
`

// demoAdminText introduces the admin API.
const demoAdminText = `
The admin API: the account's reference data and its audit log:

curl '%[1]s/accounts/%[4]d' -u '%[2]s:%[3]s'
curl '%[1]s/audit?account=%[4]d' -u '%[2]s:%[3]s'
`
