package transport

import (
	"bytes"
	"io"
	"mime/multipart"
)

// SetFile sets the body to a form with fields and a file. It doesn't copy the file, which it reads
// from its beginning for each attempt. Fields with empty values are left out.
func (r *Request) SetFile(fields map[string]string, name string, content io.ReaderAt, size int64) {
	var envelope bytes.Buffer
	form := multipart.NewWriter(&envelope)
	for field, value := range fields {
		if value != "" {
			_ = form.WriteField(field, value) // to memory
		}
	}
	_, _ = form.CreateFormFile("File", name)
	head := bytes.Clone(envelope.Bytes())
	envelope.Reset()
	_ = form.Close()
	tail := envelope.Bytes()
	r.ContentType = form.FormDataContentType()
	r.Size = int64(len(head)) + size + int64(len(tail))
	r.Body = func() io.Reader {
		return io.MultiReader(bytes.NewReader(head), io.NewSectionReader(content, 0, size), bytes.NewReader(tail))
	}
}
