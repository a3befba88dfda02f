package operate

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/accounting"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/money"
)

// InvoiceID is the id of an invoice in an argument.
type InvoiceID invoice.ID

// UnmarshalText implements [encoding.TextUnmarshaler].
func (id *InvoiceID) UnmarshalText(text []byte) error {
	parsed, err := invoice.ParseID(string(text))
	*id = InvoiceID(parsed)
	return err
}

// String returns the id.
func (id InvoiceID) String() string { return invoice.ID(id).String() }

// operands are the names of fields of a request on the command line, such as that of a file. The
// others are those of flags.
type operands map[string]string

// locate returns an error response for invalid fields with their names on the command line.
func (o operands) locate(err error) error {
	response := (*client.Error)(nil)
	if !errors.As(err, &response) || response.Status != http.StatusBadRequest || len(response.Fields) == 0 {
		return err
	}
	texts := make([]string, len(response.Fields))
	for i, f := range response.Fields {
		name, found := o[f.Field]
		if !found {
			name = "--" + strings.ReplaceAll(f.Field, "_", "-")
		}
		texts[i] = name + ": " + strings.TrimSuffix(f.Message, ".")
	}
	return cli.Usage("%s", strings.Join(texts, "; "))
}

// currency returns the currency of the account.
func currency(ctx context.Context, s *cli.Session) (money.Currency, error) {
	for a, err := range s.Admin.Accounts(ctx) {
		if err != nil {
			return "", err
		}
		if a.ID == s.Account {
			return a.Currency, nil
		}
	}
	return "", cli.NoAccount(int64(s.Account))
}

// amount parses the flag of an amount.
func amount(text string, c money.Currency) (money.Amount, error) {
	value, err := accounting.ParseAmount("amount", text, c)
	if err != nil {
		return 0, cli.Usage("--%w", err)
	}
	return value, nil
}

// check returns an error if the account doesn't have the partner or campaign with an id. The write
// that names it would be refused with a less precise exit code.
func check(ctx context.Context, s *cli.Session, kind string, list admin.List, id int64) error {
	_, err := s.Admin.Entry(ctx, s.Account, admin.Entry(list, id))
	if errors.Is(err, client.ErrNotFound) {
		return cli.NotFound("account %d has no %s %d", s.Account, kind, id)
	}
	return err
}
