package browsertest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// Page is a tab in a session of its own: it shares no cookie with other pages. Its methods fail the
// test. They belong to the test's goroutine.
type Page struct {
	t       testing.TB
	ctx     context.Context
	base    *url.URL
	watch   *watch
	mode    Mode
	timeout time.Duration // of a step
}

// New returns an empty page for the site at base, such as "http://127.0.0.1:8080", in mode [Light].
func New(t testing.TB, base string) *Page {
	t.Helper()
	return NewIn(t, Light, base)
}

// NewIn is like [New], in another mode.
func NewIn(t testing.TB, m Mode, base string) *Page {
	t.Helper()
	site, err := url.Parse(base)
	if err != nil || site.Host == "" {
		t.Fatalf("the site's URL %q has no host", base)
	}
	browser, err := shared.start(executable(t))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	p := &Page{t: t, ctx: ctx, base: site, timeout: timeout}
	p.watch = newWatch(site.Host, func() {
		// The page's next command reports an error, if there is one.
		_, _ = chromedp.Call(ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
	})
	t.Cleanup(func() {
		defer cancel()
		defer p.report() // even if the page never settles
		p.settle()
	})
	// The first command must not have a deadline: it would end the page.
	if err := chromedp.Listen(ctx, p.watch.event); err != nil {
		t.Fatalf("open a page: %v", err)
	}
	call(p, audits.Enable, cdp.Empty{})
	p.Show(m)
	return p
}

// report fails the test for each problem that the browser found.
func (p *Page) report() {
	for _, problem := range p.watch.problems() {
		p.t.Errorf("the browser reports: %s", problem)
	}
}

// Show changes the page's mode.
func (p *Page) Show(m Mode) {
	p.t.Helper()
	p.mode = m
	scheme, media := "light", ""
	if m.Dark {
		scheme = "dark"
	}
	if m.Print {
		media = "print"
	}
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media, Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		{Name: "prefers-reduced-motion", Value: "reduce"}, // nothing moves while it is clicked
	}})
	p.resize(m)
	call(p, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: m.Touch})
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: m.NoScript})
}

// resize sets the size of the window to that of m.
func (p *Page) resize(m Mode) {
	p.t.Helper()
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: m.Width, Height: m.Height, DeviceScaleFactor: 1, Mobile: m.Touch})
}

// Open opens a path of the site and waits until the page and its requests have loaded.
func (p *Page) Open(path string) {
	p.t.Helper()
	target, err := p.base.Parse(path)
	if err != nil {
		p.t.Fatalf("open %q: %v", path, err)
	}
	ctx, cancel := p.deadline()
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(target.String())); err != nil {
		p.t.Fatalf("open %s: %v", target, err)
	}
	p.settle()
}

// AllowStatus lets the page get responses with these statuses, which otherwise fail the test from 400 on.
func (p *Page) AllowStatus(statuses ...int64) { p.watch.allow(statuses) }

// Path returns the path and the query of the page's URL.
func (p *Page) Path() string {
	p.t.Helper()
	u, err := url.Parse(evaluate[string](p, `location.href`))
	if err != nil {
		p.t.Fatalf("the page's URL: %v", err)
	}
	return u.RequestURI()
}

// WaitPath waits until the page's path, without its query, is path.
func (p *Page) WaitPath(path string) {
	p.t.Helper()
	p.wait(fmt.Sprintf("the path to be %q", path), func(ctx context.Context) (string, error) {
		got, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.pathname`))
		if err != nil || got == path {
			return "", err
		}
		return fmt.Sprintf("it is %q", got), nil
	})
	p.settle()
}

// Text returns the visible text of the page.
func (p *Page) Text() string {
	p.t.Helper()
	return evaluate[string](p, visibleText)
}

const visibleText = `document.body ? document.body.innerText : ""`

// See waits until the page shows a text.
func (p *Page) See(text string) {
	p.t.Helper()
	p.waitText(fmt.Sprintf("the text %q", text), func(shown string) bool { return strings.Contains(shown, text) })
}

// NotSee waits until the page doesn't show a text.
func (p *Page) NotSee(text string) {
	p.t.Helper()
	p.waitText(fmt.Sprintf("the text %q to go", text), func(shown string) bool { return !strings.Contains(shown, text) })
}

func (p *Page) waitText(what string, ok func(shown string) bool) {
	p.t.Helper()
	p.wait(what, func(ctx context.Context) (string, error) {
		shown, err := chromedp.Run(ctx, chromedp.Evaluate[string](visibleText))
		if err != nil || ok(shown) {
			return "", err
		}
		return fmt.Sprintf("the page shows:\n%s", shown), nil
	})
}

// Screenshot writes a picture of the whole page as a PNG file. The window has the height of the page
// meanwhile, so what is as high as the window is as high as the picture.
func (p *Page) Screenshot(file string) {
	p.t.Helper()
	defer p.resize(p.mode)
	whole := p.mode
	whole.Height = max(whole.Height, evaluate[int64](p, `document.documentElement.scrollHeight`))
	p.resize(whole)
	got := call(p, page.CaptureScreenshot, page.CaptureScreenshotParams{})
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, got.Data, 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// FitsWidth fails the test for each element that makes the page wider than its window.
func (p *Page) FitsWidth() {
	p.t.Helper()
	for _, element := range evaluate[[]string](p, fmt.Sprintf(wider, p.mode.Width)) {
		p.t.Errorf("%s is wider than the window of %d pixels: %s", p.Path(), p.mode.Width, element)
	}
}

// wider lists the elements that extend beyond a width, except those that are scrolled or cut within one that doesn't.
const wider = `(width => {
	if (document.documentElement.scrollWidth <= width) return [];
	const cut = e => e && (getComputedStyle(e).overflowX !== "visible" || cut(e.parentElement));
	const found = [...document.body.querySelectorAll("*")].filter(e => e.getBoundingClientRect().right > width + 1 && !cut(e.parentElement));
	return found.length ? found.map(e => e.cloneNode(false).outerHTML) : ["the page"];
})(%d)`

// Transferred returns the number of bytes of all responses so far, with their headers.
func (p *Page) Transferred() int64 {
	p.t.Helper()
	p.settle()
	return p.watch.transferred()
}

// settle waits until the page has loaded, awaits no response, and the browser has reported what happened until then.
func (p *Page) settle() {
	p.t.Helper()
	p.wait("the page to load", func(ctx context.Context) (string, error) {
		// Events are received before the result of a command that the page executes after them.
		state, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.readyState`))
		if err != nil {
			return "", err
		}
		if state != "complete" {
			return "it is " + state, nil
		}
		if pending := p.watch.pending(); len(pending) > 0 {
			return fmt.Sprintf("no response yet for %s", strings.Join(pending, ", ")), nil
		}
		return "", nil
	})
}

// wait calls check until it returns neither what is missing nor an error. A page that is being left
// can't execute commands, and the browser never responds to some that it received meanwhile. So
// check is called again after an error, and once there is another document.
func (p *Page) wait(what string, check func(ctx context.Context) (missing string, err error)) {
	p.t.Helper()
	ctx, cancel := p.deadline()
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	last := "the browser did not respond"
	for {
		attempt, stop := context.WithCancel(ctx)
		next := p.watch.nextDocument()
		go func() {
			select {
			case <-next:
				stop()
			case <-attempt.Done():
			}
		}()
		missing, err := check(attempt)
		stop()
		switch {
		case err == nil && missing == "":
			return
		case ctx.Err() != nil: // the check before this one says more
		case err != nil:
			last = err.Error()
		default:
			last = missing
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			p.t.Fatalf("waited for %s: %v: %s", what, ctx.Err(), last)
		}
	}
}

func (p *Page) deadline() (context.Context, context.CancelFunc) {
	return context.WithTimeout(p.ctx, p.timeout)
}

// call executes a command of the browser's protocol.
func call[P, R any](p *Page, command cdp.Command[P, R], params P) R {
	p.t.Helper()
	ctx, cancel := p.deadline()
	defer cancel()
	result, err := chromedp.Call(ctx, command, params)
	if err != nil {
		p.t.Fatalf("%s: %v", command.Method, err)
	}
	return result
}

// evaluate returns the value of an expression in the page.
func evaluate[T any](p *Page, expression string) T {
	p.t.Helper()
	ctx, cancel := p.deadline()
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("evaluate %.80s: %v", expression, err)
	}
	return value
}
