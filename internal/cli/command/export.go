package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/export"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/query"
)

// Export writes an export of everything that matches.
type Export struct {
	Resource    string        `arg:"" help:"What to export: ${exports}."`
	Output      string        `short:"o" type:"path" placeholder:"FILE" help:"File to write (default: the standard output). It gets its name once it is complete."`
	Format      string        `placeholder:"FORMAT" help:"Format: csv, jsonl or parquet (default: the ending of FILE, or csv)."`
	Since       string        `placeholder:"DATE" help:"Export only what was updated, or invoices that were created, at DATE or later: a timestamp, or a date, which means the midnight that begins it in the account's time zone."`
	Until       string        `placeholder:"DATE" help:"Export only what was updated, or invoices that were created, at DATE or earlier."`
	EventSince  string        `placeholder:"DATE" help:"Export only actions with an event date of DATE or later."`
	EventUntil  string        `placeholder:"DATE" help:"Export only actions with an event date of DATE or earlier."`
	LockedSince string        `placeholder:"DATE" help:"Export only actions with a locking date of DATE or later."`
	LockedUntil string        `placeholder:"DATE" help:"Export only actions with a locking date of DATE or earlier."`
	Campaign    string        `placeholder:"ID" help:"Export only what belongs to this campaign."`
	EventType   string        `placeholder:"ID" help:"Export only actions of this event type."`
	Partner     string        `placeholder:"ID" help:"Export only what belongs to this partner."`
	State       string        `placeholder:"STATE" help:"Export only actions in this state: PENDING, APPROVED or REVERSED."`
	Order       string        `placeholder:"ID" help:"Export only actions with this order id."`
	Action      string        `placeholder:"ID" help:"Export only this action."`
	SKU         string        `name:"sku" placeholder:"SKU" help:"Export only actions with an item of this Sku."`
	Invoice     string        `placeholder:"ID" help:"Export only what is on this invoice, of adjustments and entries."`
	Status      string        `placeholder:"STATUS" help:"Export only invoices with this status: PENDING, PAID or OVERDUE."`
	Timeout     time.Duration `default:"${exportTimeout}" placeholder:"TIME" help:"Longest time for which the snapshot of the database is kept open (default: ${default})."`
}

// ExportNames returns the names of what can be exported.
func ExportNames() string {
	var names []string
	for _, r := range export.Resources {
		names = append(names, r.Command())
	}
	return strings.Join(names, ", ")
}

// parameters returns the flags of the filter and the format as parameters of the protocol:
// flag, parameter and value.
func (c Export) parameters() [][3]string {
	return [][3]string{
		{"format", query.ResultFormat, c.format()},
		{"since", "StartDate", c.Since},
		{"until", "EndDate", c.Until},
		{"event-since", "ActionDateStart", c.EventSince},
		{"event-until", "ActionDateEnd", c.EventUntil},
		{"locked-since", "LockingDateStart", c.LockedSince},
		{"locked-until", "LockingDateEnd", c.LockedUntil},
		{"campaign", "CampaignId", c.Campaign},
		{"event-type", "ActionTrackerId", c.EventType},
		{"partner", "MediaPartnerId", c.Partner},
		{"state", "State", c.State},
		{"order", "Oid", c.Order},
		{"action", "ActionId", c.Action},
		{"sku", "Sku", c.SKU},
		{"invoice", "InvoiceId", c.Invoice},
		{"status", "Status", c.Status},
	}
}

// format returns the format, which is the ending of the file by default.
func (c Export) format() string {
	if c.Format == "" {
		return strings.TrimPrefix(filepath.Ext(c.Output), ".")
	}
	return c.Format
}

// Do writes the export.
func (c Export) Do(ctx context.Context, s *cli.Session) error {
	resource, found := export.Find(c.Resource)
	if !found {
		return cli.Usage("%s: can't be exported: use one of %s", c.Resource, ExportNames())
	}
	if c.Timeout <= 0 {
		return cli.Usage("--timeout %v: must be positive", c.Timeout)
	}
	if slices.Contains([]string{"table", "json", "jsonl", "csv", "yaml", "parquet"}, c.Output) && c.Format == "" {
		return cli.Usage("-o names the file to write: use --format %s, and -o for a file such as %s.csv", c.Output, c.Resource)
	}
	values, err := c.check(resource)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, c.Timeout, fmt.Errorf("the export took longer than %v; select less, or raise --timeout", c.Timeout))
	defer cancel()
	return s.WriteFile(c.Output, func(w io.Writer) error {
		body, err := s.Client.Export(ctx, client.Export{Resource: resource.Name, Parameters: values})
		if err == nil {
			_, err = io.Copy(output.Interruptible(ctx, w), body)
			err = errors.Join(err, body.Close())
		}
		if err != nil && ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return err
	})
}

// check returns the parameters of the request. Errors name the flags.
func (c Export) check(r export.Resource) (url.Values, error) {
	values, flags := url.Values{}, make(map[string]string)
	for _, p := range c.parameters() {
		flags[p[1]] = p[0]
		if p[2] != "" {
			values.Set(p[1], p[2])
		}
	}
	params, err := wire.ParseParams(values.Encode(), "", nil)
	if err != nil {
		return nil, err
	}
	_, err = r.Decode(params, wire.Env{Now: time.Now(), Zone: time.UTC}) // the server has the zone
	if invalid := (*wire.Error)(nil); errors.As(err, &invalid) && len(invalid.Fields) > 0 {
		f := invalid.Fields[0]
		message := f.Message
		for parameter, flag := range flags { // another one that the message names
			if strings.HasSuffix(parameter, "Start") || parameter == "StartDate" {
				message = strings.ReplaceAll(message, parameter, "--"+flag)
			}
		}
		return nil, cli.Usage("--%s: %s", flags[f.Field], message)
	}
	if ignored, _, _ := strings.Cut(params.Ignored(), ","); err == nil && ignored != "" {
		return nil, cli.Usage("--%s: doesn't select %s; omit it", flags[ignored], r.Command())
	}
	return values, err
}
