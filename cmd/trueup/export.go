package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/export"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/internal/wire/query"
	"github.com/trueup-ledger/trueup/ledger"
)

type exportCommand struct {
	cli.StoreFlags
	cli.ClockFlag
	Resource    string        `arg:"" help:"What to export: ${exports}."`
	Account     int64         `required:"" placeholder:"ID" help:"Account."`
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

// exportNames returns the names of what can be exported.
func exportNames() string {
	var names []string
	for _, r := range export.Resources {
		names = append(names, r.Command())
	}
	return strings.Join(names, ", ")
}

// parameters returns the flags of the filter and the format as parameters of the protocol:
// flag, parameter and value.
func (c exportCommand) parameters() [][3]string {
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
func (c exportCommand) format() string {
	if c.Format == "" {
		return strings.TrimPrefix(filepath.Ext(c.Output), ".")
	}
	return c.Format
}

// Run writes the export. A server may be running.
func (c exportCommand) Run(ctx context.Context, s cli.Streams) error {
	resource, found := export.Find(c.Resource)
	if !found {
		return cli.Usage("%s: can't be exported: use one of %s", c.Resource, exportNames())
	}
	if c.Timeout <= 0 {
		return cli.Usage("--timeout %v: must be positive", c.Timeout)
	}
	now, err := c.Time()
	if err != nil {
		return err
	}
	return cli.UseStore(ctx, c.OpenReadOnly, cli.LedgerFolder, func(st *sqlstore.Store) error {
		reference, err := st.Reference(ctx, c.Account, now)
		if errors.Is(err, ledger.ErrNotFound) {
			return cli.NoAccount(c.Account)
		}
		if err != nil {
			return err
		}
		e := &encode.Encoder{Now: now, Reference: reference}
		x, err := c.decode(resource, wire.Env{Now: e.Now, Zone: reference.Zone()})
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeoutCause(ctx, c.Timeout, fmt.Errorf("the export took longer than %v; select less, or raise --timeout", c.Timeout))
		defer cancel()
		return s.WriteFile(c.Output, func(w io.Writer) error {
			w = output.Interruptible(ctx, w) // the snapshot is open until Export returns
			return st.Export(ctx, c.Account, func(r store.ExportReader) error { return x.Write(w, r, e) })
		})
	})
}

// decode decodes the flags. Errors name them.
func (c exportCommand) decode(r export.Resource, env wire.Env) (export.Export, error) {
	values, flags := url.Values{}, make(map[string]string)
	for _, p := range c.parameters() {
		flags[p[1]] = p[0]
		if p[2] != "" {
			values.Set(p[1], p[2])
		}
	}
	params, err := wire.ParseParams(values.Encode(), "", nil)
	if err != nil {
		return export.Export{}, err
	}
	x, err := r.Decode(params, env)
	if invalid := (*wire.Error)(nil); errors.As(err, &invalid) && len(invalid.Fields) > 0 {
		f := invalid.Fields[0]
		message := f.Message
		for parameter, flag := range flags { // another one that the message names
			if strings.HasSuffix(parameter, "Start") || parameter == "StartDate" {
				message = strings.ReplaceAll(message, parameter, "--"+flag)
			}
		}
		return export.Export{}, cli.Usage("--%s: %s", flags[f.Field], message)
	}
	if ignored, _, _ := strings.Cut(params.Ignored(), ","); err == nil && ignored != "" {
		return export.Export{}, cli.Usage("--%s: doesn't select %s; omit it", flags[ignored], r.Command())
	}
	return x, err
}
