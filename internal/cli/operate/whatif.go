package operate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/refdata/plain"
	"github.com/trueup-ledger/trueup/internal/whatif"
)

// Whatif estimates what past orders would have paid under the terms in a file.
type Whatif struct {
	referenceFile
	Since  string `required:"" placeholder:"TIME" help:"Read orders with an event date from TIME on: a number of days ago such as 90d, a date in the account's time zone, or a timestamp."`
	Until  string `placeholder:"TIME" help:"Read orders with an event date before TIME: a date or a timestamp."`
	Output string `group:"output" short:"o" enum:"table,csv,json" default:"table" placeholder:"FORMAT" help:"Format: table, csv or json (default: ${default})."`
}

// ID returns 0: the file names the accounts.
func (Whatif) ID() int64 { return 0 }

// Do prints an estimate for each account with terms in the file.
func (c Whatif) Do(ctx context.Context, s *cli.Session) error {
	file, text, err := c.parse()
	if err != nil {
		return err
	}
	entries, err := plain.Accounts(text)
	if err != nil {
		return err
	}
	var results []whatif.Result
	terms := file.Terms()
	for _, account := range slices.Sorted(maps.Keys(terms)) {
		if len(terms[account]) == 0 {
			continue
		}
		result, err := c.estimate(ctx, s, account, entries[account])
		if err != nil {
			return err
		}
		results = append(results, result)
	}
	if len(results) == 0 {
		return fmt.Errorf("%s has no terms to try", c.name())
	}
	switch c.Output {
	case "json":
		return json.NewEncoder(s.Out).Encode(map[string]any{"accounts": results})
	case "csv":
		return output.EstimatesCSV(s.Out, s.Err, results)
	}
	return output.Estimates(s.Out, results)
}

// estimate returns the estimate of an account for the terms in an entry.
func (c Whatif) estimate(ctx context.Context, s *cli.Session, account int64, entry json.RawMessage) (result whatif.Result, err error) {
	query := url.Values{"since": {c.Since}}
	if c.Until != "" {
		query.Set("until", c.Until)
	}
	body, err := s.Admin.Call(ctx, client.Request{
		Method: http.MethodPost, Path: fmt.Sprintf("/accounts/%d/whatif?%s", account, query.Encode()), Body: entry, Repeatable: true,
	})
	invalid := (*client.Error)(nil)
	switch {
	case errors.Is(err, client.ErrNotFound):
		return result, cli.NotFound("%s: account %d doesn't exist; record it with: trueup apply -f FILE", c.name(), account)
	case errors.As(err, &invalid) && len(invalid.Fields) > 0:
		return result, c.explain(account, invalid.Fields)
	case err != nil:
		return result, err
	}
	if err := json.Unmarshal(body, &result); err != nil {
		return result, fmt.Errorf("read the response: %w", err)
	}
	return result, nil
}

// explain returns the error for invalid fields, which are flags or in the file.
func (c Whatif) explain(account int64, fields []client.FieldError) error {
	texts := make([]string, len(fields))
	for i, f := range fields {
		place := fmt.Sprintf("%s, account %d: %s", c.name(), account, f.Field)
		if f.Field == "since" || f.Field == "until" {
			place = "--" + f.Field
		}
		texts[i] = place + ": " + f.Message
	}
	return cli.Usage("%s", strings.Join(texts, "; "))
}
