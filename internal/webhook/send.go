package webhook

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

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/ledger"
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
var contentTypes = map[ledger.BodyFormat]string{
	ledger.BodyJSON: "application/json",
	ledger.BodyXML:  "application/xml; charset=utf-8",
	ledger.BodyForm: "application/x-www-form-urlencoded",
}

// userAgent names the program and its version.
var userAgent = func() string {
	version := "devel"
	if build, ok := debug.ReadBuildInfo(); ok {
		version = strings.Trim(build.Main.Version, "()")
	}
	return "trueup/" + version
}()

// newTransport answers what sends requests. It is used without a client, which follows
// redirects, or fails where they do not say whereto: one is no acknowledgement, and leads
// where nobody recorded that anything should go.
func newTransport() *http.Transport {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = proxy
	transport.MaxIdleConnsPerHost = sideBySide
	transport.MaxResponseHeaderBytes = maxAnswerHeader
	return transport
}

// errNoProxy says less than the error that it stands for: there may be a password in it.
var errNoProxy = errors.New("the server's HTTP_PROXY or HTTPS_PROXY is no URL of a proxy")

// proxy answers the proxy of the environment.
func proxy(r *http.Request) (*url.URL, error) {
	at, err := http.ProxyFromEnvironment(r)
	if err != nil {
		err = errNoProxy
	}
	return at, err
}

// errTooLate says that there is no answer yet.
var errTooLate = errors.New("no answer in time")

// request is what is sent to a receiver.
type request struct {
	method      ledger.Method
	url         string
	body        []byte
	contentType string
	id          string
}

// send answers the status of the answer, 0 if there was none, and why it is no
// acknowledgement, or "".
func (n *Notifier) send(ctx context.Context, r request) (status int, fault string) {
	ctx, cancel := context.WithTimeout(ctx, n.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, string(r.method), r.url, bytes.NewReader(r.body))
	if err != nil {
		return 0, faultOf(err)
	}
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set(idHeader, r.id)
	if r.contentType != "" {
		req.Header.Set("Content-Type", r.contentType)
	}
	answer, err := n.transport.RoundTrip(req)
	if err != nil && ctx.Err() != nil {
		err = errTooLate
	}
	if err != nil {
		return 0, faultOf(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusSwitchingProtocols { // then it is the bare connection, that no time limits
		_, _ = io.CopyN(io.Discard, answer.Body, maxAnswer) // the status has said it all
	}
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
	return err.Error()
}

// clean cuts a fault down to what every store can keep: in one there may be what a
// receiver sent.
func clean(fault string) string {
	fault = store.Text(fault)
	if len(fault) > maxError {
		fault = strings.ToValidUTF8(fault[:maxError], "")
	}
	return fault
}
