package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"sync"
	"time"
)

// fileRows is how many rows a file has at most.
const fileRows = 10_000

// files hands in files of modifications, one after another in each account.
type files struct {
	*running
	mu sync.Mutex
	// left is how many rows may still be handed in, made how many files were.
	left int64
	made int
}

// upload hands in the next file of an account and waits until all of it is applied.
func (f *files) upload(ctx context.Context, connection int, _ time.Time) error {
	rows, name := f.next()
	content, boundary, err := f.write(connection, name, rows)
	if err != nil {
		return err
	}
	var answer struct {
		URI string `json:"QueuedUri"`
	}
	begin := time.Now()
	err = f.client.do(ctx, request{
		account: connection, method: http.MethodPost, path: "/FTPFileSubmissions", content: boundary, body: content,
	}, &answer)
	if told := (*statusError)(nil); errors.As(err, &told) {
		f.refused.Add(rows)
		return nil
	}
	if err != nil {
		return err
	}
	now := time.Now()
	f.answered.record(now.Sub(begin))
	f.served.record(now.Sub(begin))
	f.kinds[kindUpload].record(now.Sub(begin))
	if err := f.client.await(ctx, nil, connection, answer.URI, pollFileEvery); err != nil {
		return err
	}
	f.effects.record(time.Since(now))
	f.accepted.Add(rows)
	return nil
}

// next answers how many rows the next file has, and its name.
func (f *files) next() (rows int64, name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	rows = min(f.left, fileRows)
	f.left -= rows
	f.made++
	return rows, fmt.Sprintf("bench-%d.csv", f.made)
}

// of answers the targets of an account.
func of(account int, targets []Target) (found []Target) {
	for _, t := range targets {
		if t.Account == account {
			found = append(found, t)
		}
	}
	return found
}

// write answers a request's body with the file, and its content type.
func (f *files) write(account int, name string, rows int64) (body, contentType string, err error) {
	var buffer bytes.Buffer
	form := multipart.NewWriter(&buffer)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		return "", "", err
	}
	a := f.authors[account]
	fmt.Fprintln(part, "ActionId,Sku,Quantity,Reason")
	for range rows {
		t := a.target()
		fmt.Fprintf(part, "%s,%s,%d,ORDER_UPDATE\n", t.Action, t.SKU, a.quantity())
	}
	err = form.Close()
	return buffer.String(), form.FormDataContentType(), err
}
