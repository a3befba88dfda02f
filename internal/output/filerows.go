package output

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/trueup-ledger/trueup/internal/spreadsheet"
	"github.com/trueup-ledger/trueup/internal/wire/encode"
	"github.com/trueup-ledger/trueup/money"
)

// fileRow is the result of a row of a batch file.
type fileRow struct {
	Line    int    `json:"line"`
	Result  string `json:"result"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// FileRows prints the result of each row in a format: table, json, jsonl or csv. lines are
// those of all rows.
func FileRows(w io.Writer, format string, lines []int, failed []encode.FailedRow) error {
	failures := make(map[int]encode.FailedRow, len(failed))
	for _, row := range failed {
		failures[row.Line] = row
	}
	rows := make([]fileRow, len(lines))
	for i, line := range lines {
		rows[i] = fileRow{Line: line, Result: "OK"}
		if f, failed := failures[line]; failed {
			rows[i] = fileRow{line, "FAILED", string(f.Code), f.Message}
		}
	}
	switch format {
	case "json":
		return json.NewEncoder(w).Encode(rows)
	case "jsonl":
		encoder := json.NewEncoder(w)
		for _, row := range rows {
			if err := encoder.Encode(row); err != nil {
				return err
			}
		}
		return nil
	case "csv":
		return csvRows(w, rows)
	}
	table := newTable(w)
	fmt.Fprintln(table, "LINE\tRESULT\tCODE\tMESSAGE")
	for _, row := range rows {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\n", row.Line, row.Result, row.Code, row.Message)
	}
	return table.Flush()
}

func csvRows(w io.Writer, rows []fileRow) error {
	file := spreadsheet.NewWriter(w, []string{"line", "result", "code", "message"})
	for _, row := range rows {
		file.Put(fmt.Append(file.Cell(), row.Line))
		file.Text(row.Result)
		file.Text(row.Code)
		file.Text(row.Message)
		if err := file.EndLine(); err != nil {
			return err
		}
	}
	return file.Flush()
}

// FilePreview prints the effect that a batch file would have on partners, which have the given names.
// Amounts are in the given currency.
func FilePreview(w io.Writer, p encode.FilePreview, currency money.Currency, partners map[int64]string) error {
	fmt.Fprintf(w, "%d rows, %d would fail", p.Records, p.Errors)
	if p.Blank > 0 {
		fmt.Fprintf(w, ", and %d blank", p.Blank)
	}
	fmt.Fprintln(w)
	FileFormat(w, p.Format, p.IgnoredColumns)
	if p.Decided < p.Records {
		fmt.Fprintf(w, "the effect of the first %d rows is known; the others were only decoded\n", p.Decided)
	}
	if len(p.Partners) == 0 {
		fmt.Fprintln(w, "no action would change")
		return nil
	}
	table := newTable(w)
	fmt.Fprintln(table, "PARTNER\tNAME\tACTIONS\tAMOUNT\tNEW AMOUNT\tPAYOUT\tNEW PAYOUT")
	for _, e := range p.Partners {
		sums := make([]string, 0, 4)
		for _, sum := range []money.Amount{e.Before.Amount, e.Before.Amount + e.Delta.Amount, e.Before.Payout, e.Before.Payout + e.Delta.Payout} {
			sums = append(sums, currency.Format(sum))
		}
		fmt.Fprintf(table, "%d\t%s\t%d\t%s\n", e.Partner, partners[e.Partner], e.Actions, strings.Join(sums, "\t"))
	}
	return table.Flush()
}

// FileFormat prints how a file was understood.
func FileFormat(w io.Writer, format string, ignored []string) {
	if format != "" {
		fmt.Fprintf(w, "format: %s\n", format)
	}
	if len(ignored) > 0 {
		fmt.Fprintf(w, "ignored columns: %s\n", strings.Join(ignored, ", "))
	}
}
