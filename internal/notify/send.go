package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	trueup "github.com/trueup-ledger/trueup"
)

const (
	// answerTimeout is how long a receiver has for its whole answer.
	answerTimeout = 10 * time.Second
	// maxAnswer is how much of an answer is read, so that the connection can be used
	// again; maxAnswerHeader is in bytes too.
	maxAnswer       = 64 << 10
	maxAnswerHeader = 64 << 10
	// maxError is how much of an error is kept, in bytes.
	maxError = 200
)

// idHeader tells attempts of one delivery from other deliveries.
const idHeader = "Trueup-Notification-Id"

// contentTypes are those of the formats.
var contentTypes = map[trueup.BodyFormat]string{
	trueup.BodyJSON: "application/json",
	trueup.BodyXML:  "application/xml; charset=utf-8",
	trueup.BodyForm: "application/x-www-form-urlencoded",
}

// userAgent names the program and its version.
var userAgent = func() string {
	version := "devel"
	if build, ok := debug.ReadBuildInfo(); ok {
		version = strings.Trim(build.Main.Version, "()")
	}
	return "trueup/" + version
}()

// newClient answers a client that follows no redirect: one is no acknowledgement, and
// leads where nobody recorded that anything should go.
func newClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = sideBySide
	transport.MaxResponseHeaderBytes = maxAnswerHeader
	return &http.Client{
		Transport: transport, Timeout: answerTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// request is what is sent to a receiver.
type request struct {
	method      trueup.Method
	url         string
	body        []byte
	contentType string
	id          string
}

// send answers the status of the answer, 0 if there was none, and why it is no
// acknowledgement, or "".
func (n *Notifier) send(ctx context.Context, r request) (status int, fault string) {
	req, err := http.NewRequestWithContext(ctx, string(r.method), r.url, bytes.NewReader(r.body))
	if err != nil {
		return 0, faultOf(err)
	}
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set(idHeader, r.id)
	if r.contentType != "" {
		req.Header.Set("Content-Type", r.contentType)
	}
	answer, err := n.client.Do(req)
	if err != nil {
		return 0, faultOf(err)
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, maxAnswer) // the status has said it all
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return answer.StatusCode, fmt.Sprintf("answered %d", answer.StatusCode)
	}
	return answer.StatusCode, ""
}

// faultOf answers an error without the URL, in which there may be a secret.
func faultOf(err error) string {
	if of := (*url.Error)(nil); errors.As(err, &of) {
		err = of.Err
	}
	text := err.Error()
	if len(text) > maxError {
		text = strings.ToValidUTF8(text[:maxError], "")
	}
	return text
}
