package batchfile

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

const (
	// defaultPreviewEntries and maxPreviewTime bound the entries of a file whose effect a
	// preview decides. The other entries are decoded only.
	defaultPreviewEntries = 10_000
	maxPreviewTime        = 5 * time.Second
	// maxPreviewErrors is the number of failed rows that a preview lists.
	maxPreviewErrors = 1000
)

// Preview returns the effect that accepting the file would have, and stores nothing. If the
// file can't be parsed, the error is a [store.UnusableFileError].
func (in *Inbox) Preview(ctx context.Context, account int64, f store.NewFile) (encode.FilePreview, error) {
	now := in.now()
	p, err := in.decode(ctx, account, now, f)
	if err != nil {
		return encode.FilePreview{}, err
	}
	var begin time.Time
	err = in.store.PreviewBatch(ctx, account, now, p.commands, ledger.Decide, func(effect store.Preview) bool {
		if begin.IsZero() { // the account may have waited for its turn to read
			begin = time.Now()
		}
		p.add(effect)
		return time.Since(begin) < maxPreviewTime
	})
	if err != nil {
		return encode.FilePreview{}, err
	}
	return p.result(), nil
}

// decode decodes all entries of a file. Only one file at a time is decoded, but its effect is
// decided after that: a wait of one account must not hold up the files of another.
func (in *Inbox) decode(ctx context.Context, account int64, now time.Time, f store.NewFile) (*previewer, error) {
	env, reference, err := in.env(ctx, account, now)
	if err != nil {
		return nil, err
	}
	select {
	case in.accepting <- struct{}{}:
		defer func() { <-in.accepting }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	parsed, err := parse(store.FileContent{Bytes: f.Content, DecimalSeparator: f.DecimalSeparator})
	if err != nil {
		return nil, err
	}
	p := &previewer{effects: make(map[int64]*partnerActions), FilePreview: encode.FilePreview{
		Kind: parsed.kind, Records: len(parsed.rows), Blank: parsed.blank,
		Format: parsed.describe(), IgnoredColumns: parsed.ignoredColumns(), DecimalSeparator: parsed.format.Separator,
	}}
	for i := range parsed.entries {
		p.decode(parsed.entry(i, reference.Account, env), in.previewEntries)
	}
	return p, nil
}

// previewer collects a preview.
type previewer struct {
	encode.FilePreview
	// commands are those of the entries that could be decoded, and rows the rows of each.
	commands []ledger.Command
	rows     [][]store.FileRow
	// decided is the number of commands whose effect is known.
	decided int
	effects map[int64]*partnerActions
}

// partnerActions is the effect on a partner with the numbers of its actions.
type partnerActions struct {
	encode.PartnerEffect
	numbers map[int64]bool
}

// decode adds an entry. It keeps at most limit commands.
func (p *previewer) decode(e store.FileEntry, limit int) {
	if e.Error != nil {
		p.Decided += len(e.Rows)
		p.fail(e.Rows, e.Error.Code, e.Error.Message)
		return
	}
	if c, ok := e.Submission.Command.(ledger.Conversion); ok {
		p.Unpriced += c.UnpricedLines()
	}
	if len(p.commands) < limit {
		p.commands, p.rows = append(p.commands, e.Submission.Command), append(p.rows, e.Rows)
	}
}

// add adds the effect of the next command.
func (p *previewer) add(effect store.Preview) {
	rows := p.rows[p.decided]
	p.decided++
	p.Decided += len(rows)
	if r := effect.Rejection; r != nil {
		p.fail(rows, r.Code, r.Message)
		return
	}
	after := effect.After
	if after.Last == effect.Before.Last {
		return
	}
	e := p.effects[after.Partner]
	if e == nil {
		e = &partnerActions{PartnerEffect: encode.PartnerEffect{Partner: after.Partner}, numbers: make(map[int64]bool)}
		p.effects[after.Partner] = e
	}
	if !e.numbers[after.ID.Number] {
		e.numbers[after.ID.Number] = true
		e.Before.Amount += effect.Before.Amount
		e.Before.Payout += effect.Before.Payout
	}
	e.Delta.Amount += after.Amount - effect.Before.Amount
	e.Delta.Payout += after.Payout - effect.Before.Payout
}

func (p *previewer) fail(rows []store.FileRow, code rejection.Code, message string) {
	p.Errors += len(rows)
	for _, row := range rows {
		if len(p.Failed) < maxPreviewErrors {
			p.Failed = append(p.Failed, encode.FailedRow{Line: row.Line, Code: code, Message: message})
		}
	}
}

func (p *previewer) result() encode.FilePreview {
	for _, e := range p.effects {
		e.Actions = len(e.numbers)
		p.Partners = append(p.Partners, e.PartnerEffect)
	}
	slices.SortFunc(p.Partners, func(a, b encode.PartnerEffect) int { return cmp.Compare(a.Partner, b.Partner) })
	slices.SortStableFunc(p.Failed, func(a, b encode.FailedRow) int { return cmp.Compare(a.Line, b.Line) })
	return p.FilePreview
}
