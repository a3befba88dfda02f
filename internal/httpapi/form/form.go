// Package form reads forms that upload a batch file.
package form

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// MediaType is the media type of forms with a file.
const MediaType = "multipart/form-data"

// Read reads a form of a content type. It adds the parameters to p, among them the hash of the
// file. Limit is the maximum size of the file. An error that isn't a [*wire.Error] is one of the
// body.
func Read(body io.Reader, contentType string, p *wire.Params, limit int64) (f store.NewFile, err error) {
	_, parameters, err := mime.ParseMediaType(contentType)
	if err != nil || parameters["boundary"] == "" {
		return f, &wire.Error{Status: http.StatusBadRequest, Message: MediaType + " needs a boundary"}
	}
	for r := multipart.NewReader(body, parameters["boundary"]); ; {
		part, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err == nil {
			err = readPart(part, &f, p, limit)
		}
		if err != nil {
			return store.NewFile{}, err
		}
	}
}

// readPart reads a part of the form: the file or a parameter.
func readPart(part *multipart.Part, f *store.NewFile, p *wire.Params, limit int64) error {
	if part.FileName() != "" && f.Content != nil {
		return &wire.Error{Status: http.StatusBadRequest, Message: "Send one file for each request"}
	}
	content, err := io.ReadAll(part)
	switch {
	case err != nil:
		return err
	case part.FileName() == "":
		return p.Add(part.FormName(), string(content))
	case int64(len(content)) > limit:
		return TooLarge(limit)
	}
	*f = store.NewFile{Name: store.FileName(part.FileName()), Content: content}
	sum := sha256.Sum256(content)
	return p.Add(wire.UploadField, hex.EncodeToString(sum[:]))
}

// TooLarge returns the error for a file that is larger than a limit.
func TooLarge(limit int64) error {
	return &wire.Error{
		Status:  http.StatusRequestEntityTooLarge,
		Message: fmt.Sprintf("Send files of at most %d MiB; split this one", limit>>20),
	}
}
