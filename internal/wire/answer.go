package wire

// AppendQueued writes the answer to a write that takes effect in its turn.
func (e *Encoder) AppendQueued(dst []byte, submission string) []byte {
	return e.answer(dst, func(o *object) { o.queued("/APISubmissions/" + submission) })
}

// AppendQueuedFile writes the answer to a batch file whose rows take effect in
// their turn.
func (e *Encoder) AppendQueuedFile(dst []byte, file string) []byte {
	return e.answer(dst, func(o *object) { o.queued("/FTPFileSubmissions/" + file) })
}

// AppendAwaited writes the same answer with the submission's record, for a caller
// that waited for it.
func (e *Encoder) AppendAwaited(dst []byte, s Submission) []byte {
	return e.answer(dst, func(o *object) {
		o.queued("/APISubmissions/" + s.ID)
		o.begin("Submission")
		o.nested(func() { o.submission(s) })
		o.end("Submission")
	})
}

// queued says where to look; the resource is a path below the account's root.
func (o *object) queued(resource string) {
	o.text("Status", "QUEUED")
	o.text("QueuedUri", string(o.appendBase(nil))+resource)
}

// AppendDone writes the answer to a write that took effect at once; the resource is
// a path below the account's root.
func (e *Encoder) AppendDone(dst []byte, resource string) []byte {
	return e.answer(dst, func(o *object) {
		o.text("Status", "OK")
		o.text("Uri", string(e.appendBase(nil))+resource)
	})
}

// AppendError writes an error.
func (e *Encoder) AppendError(dst []byte, err *Error) []byte {
	return e.answer(dst, func(o *object) { o.failure(err) })
}

// AppendConversionError writes the error of a conversion, whose callers read the
// faults in lower case: it has both spellings.
func (e *Encoder) AppendConversionError(dst []byte, err *Error) []byte {
	return e.answer(dst, func(o *object) {
		o.failure(err)
		if len(err.Faults) == 0 {
			return
		}
		o.array("errors", "error", len(err.Faults), func(o *object, i int) {
			o.nested(func() {
				o.text("field", err.Faults[i].Field)
				o.text("level", "ERROR")
				o.text("message", err.Faults[i].Message)
			})
		})
	})
}

func (o *object) failure(err *Error) {
	o.text("Status", "ERROR")
	o.text("Message", err.Message)
	if len(err.Faults) == 0 {
		return
	}
	o.array("Errors", "Error", len(err.Faults), func(o *object, i int) {
		o.nested(func() {
			o.text("Field", err.Faults[i].Field)
			o.text("Message", err.Faults[i].Message)
		})
	})
}

// answer writes fields that stand in the root itself.
func (e *Encoder) answer(dst []byte, write func(o *object)) []byte {
	o := object{Encoder: e, buf: e.AppendHead(dst)}
	o.nested(func() { write(&o) })
	return e.AppendTail(o.buf)
}
