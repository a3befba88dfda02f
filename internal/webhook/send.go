package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/buildinfo"
	"github.com/trueup-ledger/trueup/internal/signature"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger/program"
)

const (
	// requestTimeout is the time limit of a request, including the response.
	requestTimeout = 10 * time.Second
	// maxResponse bounds the bytes that are read of a response body. A connection can be
	// reused only after its response has been read to the end.
	maxResponse       = 64 << 10
	maxResponseHeader = 64 << 10 // bytes
	maxErrorLength    = 200      // bytes
)

// deliveryIDHeader carries an id that all attempts of one delivery share.
const deliveryIDHeader = "Trueup-Notification-Id"

var contentTypes = map[program.BodyFormat]string{
	program.BodyJSON: "application/json",
	program.BodyXML:  "application/xml; charset=utf-8",
	program.BodyForm: "application/x-www-form-urlencoded",
}

// userAgent is the User-Agent header of all requests.
var userAgent = "trueup/" + buildinfo.Version()

var errTimeout = errors.New("no response in time")

// request describes an HTTP request to a receiver.
type request struct {
	method      program.Method
	url         string
	body        []byte
	contentType string
	id          string
	// secrets sign the request under the id webhookID.
	secrets   []signature.Secret
	webhookID string
}

// sign adds the headers of Standard Webhooks, unless there are no secrets. A request without a
// body has its values in the URL, so its target is signed. The receiver compares the time with its
// own clock, so it is that of the system, even if the server has a test clock.
func (r request) sign(req *http.Request) {
	if len(r.secrets) == 0 {
		return
	}
	content := r.body
	if len(content) == 0 {
		content = []byte(req.URL.RequestURI())
	}
	signature.Sign(req.Header, r.secrets, r.webhookID, time.Now(), content)
}

// send sends a request. It returns the status of the response, or 0 if there was none. If the
// receiver didn't acknowledge the request, failure is the reason, and otherwise "".
func (n *Notifier) send(ctx context.Context, r request) (status int, failure string) {
	ctx, cancel := context.WithTimeout(ctx, n.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, string(r.method), r.url, bytes.NewReader(r.body))
	if err != nil {
		return 0, failureOf(err)
	}
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set(deliveryIDHeader, r.id)
	if r.contentType != "" {
		req.Header.Set("Content-Type", r.contentType)
	}
	r.sign(req)
	resp, err := n.transport.RoundTrip(req)
	if err != nil && ctx.Err() != nil {
		err = errTimeout
	}
	if err != nil {
		return 0, failureOf(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusSwitchingProtocols { // its body is the connection itself, which has no deadline
		_, _ = io.CopyN(io.Discard, resp.Body, maxResponse) // the status decides
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return resp.StatusCode, fmt.Sprintf("response status %d", resp.StatusCode)
	}
	return resp.StatusCode, ""
}

// failureOf returns the message of an error without its URL, which may contain a secret.
func failureOf(err error) string {
	if forbidden := (*addressError)(nil); errors.As(err, &forbidden) {
		return forbidden.Error()
	}
	if urlErr := (*url.Error)(nil); errors.As(err, &urlErr) {
		err = urlErr.Err
	}
	return err.Error()
}

// clean truncates a message and removes the characters that a store can't keep. The
// message may quote the receiver.
func clean(message string) string {
	message = store.CleanText(message)
	if len(message) > maxErrorLength {
		message = strings.ToValidUTF8(message[:maxErrorLength], "")
	}
	return message
}
