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

// fileRows is the maximum number of rows of a file.
const fileRows = 10_000

// uploader uploads files of modifications. Each account uploads one file after another.
type uploader struct {
	*loadRun
	mu sync.Mutex
	// remaining is the number of rows to upload, and count the number of files so far.
	remaining int64
	count     int
}

// upload uploads the next file of an account and waits until it is applied.
func (u *uploader) upload(ctx context.Context, connection int, _ time.Time) error {
	rows, name := u.next()
	content, boundary, err := u.write(connection, name, rows)
	if err != nil {
		return err
	}
	var response struct {
		URI string `json:"QueuedUri"`
	}
	begin := time.Now()
	err = u.client.do(ctx, request{
		account: connection, method: http.MethodPost, path: "/FTPFileSubmissions", content: boundary, body: content,
	}, &response)
	if refused := (*statusError)(nil); errors.As(err, &refused) {
		u.refused.Add(rows)
		return nil
	}
	if err != nil {
		return err
	}
	now := time.Now()
	u.response.record(now.Sub(begin))
	u.service.record(now.Sub(begin))
	u.kinds[kindUpload].record(now.Sub(begin))
	if err := u.client.waitComplete(ctx, nil, connection, response.URI, filePollInterval); err != nil {
		return err
	}
	u.effect.record(time.Since(now))
	u.accepted.Add(rows)
	return nil
}

// next returns the number of rows and the name of the next file.
func (u *uploader) next() (rows int64, name string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	rows = min(u.remaining, fileRows)
	u.remaining -= rows
	u.count++
	return rows, fmt.Sprintf("bench-%d.csv", u.count)
}

// targetsOf returns the targets of an account.
func targetsOf(account int, targets []Target) (found []Target) {
	for _, t := range targets {
		if t.Account == account {
			found = append(found, t)
		}
	}
	return found
}

// write returns a request body with a file, and its content type.
func (u *uploader) write(account int, name string, rows int64) (body, contentType string, err error) {
	var buffer bytes.Buffer
	form := multipart.NewWriter(&buffer)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		return "", "", err
	}
	g := u.generators[account]
	fmt.Fprintln(part, "ActionId,Sku,Quantity,Reason")
	for range rows {
		t := g.target()
		fmt.Fprintf(part, "%s,%s,%d,ORDER_UPDATE\n", t.Action, t.SKU, g.quantity())
	}
	err = form.Close()
	return buffer.String(), form.FormDataContentType(), err
}
