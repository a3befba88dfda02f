package browsertest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// watch collects what a page must not do, and the requests that it waits for.
type watch struct {
	host    string // of the site
	dismiss func() // closes a dialog, which blocks the page

	mu      sync.Mutex
	found   []string
	allowed []int64 // statuses
	awaited map[network.RequestID]request
	leaving string        // the URL that the page has asked for and that is not yet there, or ""
	left    chan struct{} // closed once another document has replaced the present one
	bytes   int64         // of responses, as transferred
}

// request is one without a complete response.
type request struct {
	url    string
	loader cdp.LoaderID // of the document that sent it
}

func newWatch(host string, dismiss func()) *watch {
	return &watch{host: host, dismiss: dismiss, awaited: make(map[network.RequestID]request), left: make(chan struct{})}
}

func (w *watch) allow(statuses []int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.allowed = append(w.allowed, statuses...)
}

// problems returns what was found, each once.
func (w *watch) problems() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	found := slices.Clone(w.found)
	slices.Sort(found)
	return slices.Compact(found)
}

// pending returns the URLs of requests without a complete response.
func (w *watch) pending() (urls []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.leaving != "" {
		urls = append(urls, w.leaving)
	}
	for _, r := range w.awaited {
		urls = append(urls, r.url)
	}
	return urls
}

// nextDocument returns a channel that is closed once another document replaces the present one.
func (w *watch) nextDocument() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.left
}

// transferred returns the size of all complete responses.
func (w *watch) transferred() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.bytes
}

// event receives the browser's events in their order.
func (w *watch) event(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		w.console(e)
	case *runtime.EventExceptionThrown:
		w.add("uncaught exception: %s", exception(e.ExceptionDetails))
	case *log.EventEntryAdded:
		w.logged(e.Entry)
	case *audits.EventIssueAdded:
		w.issue(e.Issue)
	case *network.EventRequestWillBeSent:
		w.requested(e)
	case *network.EventResponseReceived:
		w.responded(e)
	case *network.EventLoadingFinished:
		w.bytes += int64(e.EncodedDataLength)
		delete(w.awaited, e.RequestID)
	case *network.EventLoadingFailed:
		w.failed(e)
	case *network.EventWebSocketCreated:
		w.sent(e.URL)
	case *page.EventFrameRequestedNavigation:
		if e.Disposition == page.ClientNavigationDispositionCurrentTab {
			w.leaving = e.URL
		}
	case *page.EventNavigatedWithinDocument, *page.EventFrameStoppedLoading:
		w.leaving = "" // there is no other document, or it has loaded
	case *page.EventFrameNavigated:
		w.navigated(e.Frame)
	case *page.EventJavascriptDialogOpening:
		w.add("dialog: %s", e.Message)
		go w.dismiss() // event must not wait for a command
	}
}

func (w *watch) add(format string, values ...any) {
	w.found = append(w.found, fmt.Sprintf(format, values...))
}

func (w *watch) console(e *runtime.EventConsoleAPICalled) {
	switch e.Type {
	case runtime.ConsoleAPICalledTypeError, runtime.ConsoleAPICalledTypeWarning, runtime.ConsoleAPICalledTypeAssert:
	default:
		return
	}
	var words []string
	for _, arg := range e.Args {
		words = append(words, object(arg))
	}
	w.add("console %s: %s", e.Type, strings.Join(words, " "))
}

// logged collects errors and warnings of the browser itself. Those of requests and of the content
// security policy have events of their own, which say more.
func (w *watch) logged(e *log.Entry) {
	switch {
	case e.Level != log.EntryLevelError && e.Level != log.EntryLevelWarning:
	case e.Source == log.EntrySourceNetwork:
	case e.Source == log.EntrySourceSecurity && strings.Contains(e.Text, "Content Security Policy"):
	default:
		w.add("%s %s: %s", e.Source, e.Level, e.Text)
	}
}

// issue collects what the browser finds wrong with the page. Most important are violations of the
// content security policy, which also block the violating element.
func (w *watch) issue(i *audits.InspectorIssue) {
	csp := i.Details.ContentSecurityPolicyIssueDetails
	if csp == nil {
		w.add("%s: %s", i.Code, details(i.Details))
		return
	}
	where := ""
	if at := csp.SourceCodeLocation; at != nil {
		where = fmt.Sprintf(", at %s:%d", at.URL, at.LineNumber+1)
	}
	w.add("content security policy: %s violated by %s%s", csp.ViolatedDirective, orInline(csp.BlockedURL), where)
}

// details returns what the browser says about an issue.
func details(d *audits.InspectorIssueDetails) string {
	text, err := json.Marshal(d)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func orInline(blocked string) string {
	if blocked == "" {
		return "inline code"
	}
	return blocked
}

func (w *watch) requested(e *network.EventRequestWillBeSent) {
	w.sent(e.Request.URL)
	if e.Type == network.ResourceTypeEventSource { // it ends with the page
		return
	}
	if u, err := url.Parse(e.Request.URL); err == nil && u.Scheme == "data" {
		return
	}
	w.awaited[e.RequestID] = request{e.Request.URL, e.LoaderID}
}

// sent collects requests to other hosts.
func (w *watch) sent(to string) {
	u, err := url.Parse(to)
	if err != nil {
		w.add("request to an invalid URL: %v", err)
		return
	}
	switch u.Scheme {
	case "data", "blob", "about":
		return
	}
	if u.Host != w.host {
		w.add("request to another host: %s", to)
	}
}

func (w *watch) responded(e *network.EventResponseReceived) {
	if status := e.Response.Status; status >= 400 && !slices.Contains(w.allowed, status) {
		w.add("status %d of %s", status, e.Response.URL)
	}
}

// failed collects failed requests, except those that the page or a navigation canceled and those
// that the content security policy blocked, which are issues.
func (w *watch) failed(e *network.EventLoadingFailed) {
	if !e.Canceled && e.BlockedReason != network.BlockedReasonCsp && e.ErrorText != "net::ERR_BLOCKED_BY_CSP" { // of frames
		w.add("request for %s failed: %s", w.awaited[e.RequestID].url, e.ErrorText)
	}
	delete(w.awaited, e.RequestID)
}

// navigated forgets the requests of the document that f replaces: some of them never end.
func (w *watch) navigated(f *cdp.Frame) {
	if f.ParentID != "" {
		return
	}
	close(w.left)
	w.left, w.leaving = make(chan struct{}), ""
	for id, r := range w.awaited {
		if r.loader != f.LoaderID {
			delete(w.awaited, id)
		}
	}
}

func exception(d *runtime.ExceptionDetails) string {
	text := d.Text
	if d.Exception != nil {
		text += " " + object(d.Exception)
	}
	return fmt.Sprintf("%s at %s:%d", text, d.URL, d.LineNumber+1)
}

func object(o *runtime.RemoteObject) string {
	if o.Description != "" {
		return o.Description
	}
	var s string
	if json.Unmarshal(o.Value, &s) != nil { // not a string
		return string(o.Value)
	}
	return s
}
