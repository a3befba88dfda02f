package encode

import (
	"cmp"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// File is a batch file.
type File struct {
	// ID is the BatchId: "F-" and a UUID.
	ID       string
	Account  int64
	Accepted time.Time
	Name     string
	Kind     ledger.Kind
	// Begun reports whether rows of the file have been accepted.
	Begun bool
	// Records, Applied and Errors count rows. Applied is the number of those that took effect or
	// failed.
	Records, Applied, Errors int
	// Completed is the time at which the last submission of the file completed, or
	// zero.
	Completed time.Time
}

// AppendFile appends a batch file to dst.
func (e *Encoder) AppendFile(dst []byte, f File) []byte {
	o := e.open(dst, Files.Element)
	status := search.StatusQueued
	if !f.Completed.IsZero() {
		status = search.StatusComplete
	} else if f.Begun {
		status = search.StatusInProgress
	}
	o.text("BatchId", f.ID)
	o.integer("AccountId", f.Account)
	o.timestamp("SubmissionDate", f.Accepted)
	o.text("FileName", f.Name)
	o.text("Type", string(f.Kind))
	o.text("Status", status)
	o.count("TotalRecords", int64(f.Records))
	o.count("TotalErrors", int64(f.Errors))
	o.timestamp("CompletionDate", f.Completed)
	o.count("AppliedRecords", int64(f.Applied))
	o.text("ErrorsUri", string(e.appendBase(nil))+"/FTPFileSubmissions/"+f.ID+"/ErrorDetails")
	o.uri("/FTPFileSubmissions/", f.ID)
	return o.close(Files.Element)
}

// ErrorDetail is a row of a batch file that had no effect.
type ErrorDetail struct {
	// File is the BatchId.
	File string
	Line int
	wire.Subject
	// Status is the type of the error, Reason its code, and Message a sentence for the
	// caller.
	Status, Reason, Message string
}

// AppendErrorDetail appends a row that had no effect to dst.
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

// RowSubject returns the subject of a row of a batch file from its submission. The row
// describes the item with the given number.
func RowSubject(s Submission, item int) wire.Subject {
	subject := subjectOf(s.Command)
	subject.Campaign = cmp.Or(s.Action.Campaign, subject.Campaign)
	subject.EventType = cmp.Or(s.Action.EventType, subject.EventType)
	subject.Partner = cmp.Or(s.Partner, subject.Partner)
	switch c := s.Command.(type) {
	case ledger.Conversion:
		for _, line := range c.Lines {
			if line.Number == item {
				subject.SKU, subject.Category = line.SKU, line.Category
			}
		}
	case ledger.Modification:
		if len(c.Items) == 1 { // any of several items may be wrong
			subject.SKU = c.Items[0].SKU
			if c.Items[0].Category != nil {
				subject.Category = *c.Items[0].Category
			}
		}
	}
	return subject
}
