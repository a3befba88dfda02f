package encode

import "github.com/trueup-ledger/trueup/internal/wire"

// AppendQueued appends the response to a write that is queued as a submission.
func (e *Encoder) AppendQueued(dst []byte, submission string) []byte {
	return e.response(dst, func(o *objectWriter) { o.queuedFields("/APISubmissions/", submission) })
}

// AppendQueuedFile appends the response to a batch file that is queued.
func (e *Encoder) AppendQueuedFile(dst []byte, file string) []byte {
	return e.response(dst, func(o *objectWriter) { o.queuedFields("/FTPFileSubmissions/", file) })
}

// AppendQueuedSubmission appends the response to a write whose caller waited for the
// submission.
func (e *Encoder) AppendQueuedSubmission(dst []byte, s Submission) []byte {
	return e.response(dst, func(o *objectWriter) {
		o.queuedFields("/APISubmissions/", s.ID)
		o.begin("Submission")
		o.nested(func() { o.submissionFields(s) })
		o.end("Submission")
	})
}

// queuedFields writes the URI at which the caller finds the result: the path of a collection
// below the account, and an id.
func (o *objectWriter) queuedFields(collection, id string) {
	o.text("Status", "QUEUED")
	o.uriAs("QueuedUri", collection, id)
}

// AppendOK appends the response to a write that took effect at once. The resource is a
// path below the account.
func (e *Encoder) AppendOK(dst []byte, resource string) []byte {
	return e.response(dst, func(o *objectWriter) {
		o.text("Status", "OK")
		o.text("Uri", string(e.appendBase(nil))+resource)
	})
}

// AppendError appends an error response.
func (e *Encoder) AppendError(dst []byte, err *wire.Error) []byte {
	return e.response(dst, func(o *objectWriter) { o.errorFields(err) })
}

// AppendConversionError appends an error response to a conversion. It has the field
// errors twice, because clients of conversions read them under lower-case names.
func (e *Encoder) AppendConversionError(dst []byte, err *wire.Error) []byte {
	return e.response(dst, func(o *objectWriter) {
		o.errorFields(err)
		if len(err.Fields) == 0 {
			return
		}
		o.array("errors", "error", len(err.Fields), func(o *objectWriter, i int) {
			o.nested(func() {
				o.text("field", err.Fields[i].Field)
				o.text("level", "ERROR")
				o.text("message", err.Fields[i].Message)
			})
		})
	})
}

func (o *objectWriter) errorFields(err *wire.Error) {
	o.text("Status", "ERROR")
	o.text("Message", err.Message)
	if len(err.Fields) == 0 {
		return
	}
	o.array("Errors", "Error", len(err.Fields), func(o *objectWriter, i int) {
		o.nested(func() {
			o.text("Field", err.Fields[i].Field)
			o.text("Message", err.Fields[i].Message)
		})
	})
}

// response appends a response whose fields are those of the root element.
func (e *Encoder) response(dst []byte, write func(o *objectWriter)) []byte {
	if dst == nil {
		dst = make([]byte, 0, usualResponse)
	}
	o := objectWriter{Encoder: e, buf: e.AppendHead(dst)}
	o.nested(func() { write(&o) })
	return e.AppendTail(o.buf)
}

// usualResponse is the number of bytes that most responses without a list don't exceed.
const usualResponse = 256
