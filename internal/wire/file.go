package wire

import (
	"cmp"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// FileQuery asks for a list of batch files.
type FileQuery struct {
	Filter  ledger.FileFilter
	Page    ledger.Page
	Filters string
}

// DecodeFileQuery reads a GET of batch files. Its error is an [*Error].
func DecodeFileQuery(p *Params, env Env) (FileQuery, error) {
	f := fields{params: p, env: env}
	q := FileQuery{Filter: ledger.FileFilter{
		Accepted:  f.span("SubmissionDateStart", "SubmissionDateEnd"),
		Completed: f.span("CompletedDateStart", "CompletedDateEnd"),
	}}
	q.Page = f.page(DefaultPageSize, 0)
	q.Filters = f.filters()
	if err := f.err(); err != nil {
		return FileQuery{}, err
	}
	return q, nil
}

// FileField is the parameter of an upload under which the file's hash stands, so
// that it is a part of what an Idempotency-Key was given to.
const FileField = "File"

// DecodeUpload reads what a POST of a batch file says beside the file: whether
// bytes that were taken before are to be taken again. Its error is an [*Error].
func DecodeUpload(p *Params, env Env) (again bool, err error) {
	f := fields{params: p, env: env}
	f.dryRun(false)
	f.require(FileField)
	again, _ = take(&f, parseBool, "Again")
	return again, f.err()
}

// File is what an answer tells of a batch file.
type File struct {
	// ID is the BatchId, as "F-" and a UUID.
	ID       string
	Account  int64
	Accepted time.Time
	Name     string
	Kind     ledger.Kind
	// Begun says that rows were taken.
	Begun bool
	// Records and Errors count rows.
	Records, Errors int
	// Completed is zero until the last submission of the file is complete.
	Completed time.Time
}

// AppendFile writes a batch file.
func (e *Encoder) AppendFile(dst []byte, f File) []byte {
	o := e.open(dst, Files.Element)
	status := statusQueued
	if !f.Completed.IsZero() {
		status = statusComplete
	} else if f.Begun {
		status = statusInProgress
	}
	o.text("BatchId", f.ID)
	o.integer("AccountId", f.Account)
	o.instant("SubmissionDate", f.Accepted)
	o.text("FileName", f.Name)
	o.text("Type", string(f.Kind))
	o.text("Status", status)
	o.count("TotalRecords", int64(f.Records))
	o.count("TotalErrors", int64(f.Errors))
	o.instant("CompletionDate", f.Completed)
	o.text("ErrorsUri", string(e.appendBase(nil))+"/FTPFileSubmissions/"+f.ID+"/ErrorDetails")
	o.uri("/FTPFileSubmissions/", f.ID)
	return o.close(Files.Element)
}

// ErrorDetail is what an answer tells of a row of a batch file that had no effect.
type ErrorDetail struct {
	// File is the BatchId.
	File string
	Line int
	RowName
	// Status is the error's type, Reason its code, and Message says what to do.
	Status, Reason, Message string
}

// RowName is what a row of a batch file is about, as far as it is known.
type RowName struct {
	Campaign, EventType, Partner    int64
	EventCode, Order, Category, SKU string
	// Readable says that nothing but the order's id may be missing.
	Readable bool
}

// AppendErrorDetail writes a row that had no effect.
func (e *Encoder) AppendErrorDetail(dst []byte, d ErrorDetail) []byte {
	o := e.open(dst, ErrorDetails.Element)
	o.count("Line", int64(d.Line))
	o.integer("CampaignId", d.Campaign)
	o.integer("ActionTrackerId", d.EventType)
	o.integer("MediaPartnerId", d.Partner)
	o.text("EventCode", cmp.Or(d.EventCode, e.Reference.EventTypes[d.EventType].Code))
	o.text("OrderId", d.Order)
	o.text("Category", d.Category)
	o.text("Sku", d.SKU)
	o.text("Status", d.Status)
	o.text("Reason", d.Reason)
	o.text("ErrorMessage", d.Message)
	o.uri("/FTPFileSubmissions/"+d.File+"/ErrorDetails/", strconv.Itoa(d.Line))
	return o.close(ErrorDetails.Element)
}

// RowNames answers what a row is about whose parameters could not be decoded.
func RowNames(p *Params) RowName {
	f := fields{params: p, bare: true}
	action, _ := take(&f, parseActionID, "ActionId")
	name := RowName{
		Campaign:  cmp.Or(f.id("CampaignId"), action.Campaign),
		EventType: cmp.Or(f.id("EventTypeId", "ActionTrackerId"), action.EventType),
		Partner:   f.id("MediaPartnerId", "MediaId"),
		EventCode: f.text(maxText, "EventTypeCode"),
		Order:     f.text(maxOrder, "OrderId", "Oid"),
	}
	f.number = 1
	name.SKU, name.Category = f.text(maxText, "Sku", "ItemSku"), f.text(maxText, "Category", "ItemCategory")
	name.Readable = len(f.faults) == 0
	return name
}

// RowOf answers what the row is about whose submission has the command, by the
// number of the item that the row reports.
func RowOf(s Submission, item int) RowName {
	n := nameOf(s.Command)
	row := RowName{
		Campaign: cmp.Or(s.Action.Campaign, n.campaign), EventType: cmp.Or(s.Action.EventType, n.eventType),
		Partner: cmp.Or(s.Partner, n.partner), EventCode: n.code, Order: n.order,
	}
	switch c := s.Command.(type) {
	case ledger.Conversion:
		for _, line := range c.Lines {
			if line.Number == item {
				row.SKU, row.Category = line.SKU, line.Category
			}
		}
	case ledger.Modification:
		if len(c.Items) == 1 { // of several, nothing says which one is at fault
			row.SKU = c.Items[0].SKU
			if c.Items[0].Category != nil {
				row.Category = *c.Items[0].Category
			}
		}
	}
	return row
}
