// Package browsertest runs tests of web pages in headless Chromium. A test fails if a page reports
// an error, violates its content security policy or requests anything from another host, even if
// the test expects nothing of the kind.
//
//	func TestMain(m *testing.M) { browsertest.Main(m) }
//
//	func TestSearch(t *testing.T) {
//		p := browsertest.New(t, server.URL)
//		p.Open("/console/actions")
//		p.Fill("Search", "1001")
//		p.Press("Enter")
//		p.See("ORDER-1001")
//		p.Axe()
//	}
//
// Elements are found as assistive technology finds them: by role and accessible name.
//
// The tests need the path of Chromium in TRUEUP_TEST_BROWSER, and for [Page.Axe] a folder of npm
// packages in TRUEUP_TEST_NODE_MODULES. CI sets both; .ci/browser sets them for one command.
package browsertest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// timeout bounds each step of a test. Only a failing test reaches it.
const timeout = 30 * time.Second

// shared is the browser of the test binary.
var shared browser

// browser is a Chromium process. It starts with the first page and ends in Main.
type browser struct {
	sync.Mutex
	main   bool // whether Main will close the browser
	ctx    context.Context
	cancel context.CancelFunc
}

// Main runs the tests and then closes the browser. TestMain calls it.
func Main(m *testing.M) {
	shared.main = true
	status := m.Run()
	if err := shared.close(); err != nil {
		fmt.Fprintln(os.Stderr, "close the browser:", err)
		status = max(status, 1)
	}
	os.Exit(status)
}

// start returns the context of the running browser.
func (b *browser) start(path string) (context.Context, error) {
	b.Lock()
	defer b.Unlock()
	if !b.main {
		return nil, errors.New("TestMain must call browsertest.Main, which closes the browser")
	}
	if b.ctx != nil {
		return b.ctx, nil
	}
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), flags(path)...)
	ctx, _ := chromedp.NewContext(allocator) // ends with its parent
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		return nil, fmt.Errorf("start %s: %w", path, err)
	}
	b.ctx, b.cancel = ctx, cancel
	return b.ctx, nil
}

// close closes the browser and removes its folder.
func (b *browser) close() error {
	b.Lock()
	defer b.Unlock()
	if b.ctx == nil {
		return nil
	}
	defer b.cancel()
	ctx, cancel := context.WithTimeout(b.ctx, timeout)
	defer cancel()
	return chromedp.Cancel(ctx)
}

// flags are the options of Chromium. The browser resolves no host name, so nothing that it does
// by itself leaves the machine.
func flags(path string) []chromedp.ExecAllocatorOption {
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path),
		chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.WindowSize(int(Light.Width), int(Light.Height)),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE ::1"),
		chromedp.Flag("lang", "en-US"),
		chromedp.Flag("password-store", "basic"),
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("disable-features", "Translate,OptimizationHints,MediaRouter"),
	}
	for _, name := range []string{
		"disable-quic", "disable-background-networking", "disable-component-update", "disable-sync", "disable-extensions",
		"disable-default-apps", "disable-breakpad", "disable-client-side-phishing-detection", "disable-dev-shm-usage",
		"disable-background-timer-throttling", "disable-backgrounding-occluded-windows", "disable-renderer-backgrounding",
		"disable-domain-reliability", "metrics-recording-only", "hide-scrollbars",
	} {
		options = append(options, chromedp.Flag(name, true))
	}
	return options
}

// Require skips the test if there is no browser, and fails it in CI. New calls it.
func Require(t testing.TB) {
	t.Helper()
	executable(t)
}

// executable returns the path of Chromium.
func executable(t testing.TB) string {
	t.Helper()
	return fromEnvironment(t, "TRUEUP_TEST_BROWSER", "the path of Chromium")
}

// Modules returns the folder of npm packages. Without one the test is skipped, and fails in CI.
func Modules(t testing.TB) string {
	t.Helper()
	return fromEnvironment(t, "TRUEUP_TEST_NODE_MODULES", "the folder of npm packages")
}

// fromEnvironment returns the value of a variable that .ci/browser sets. Without it the test fails in
// CI and is skipped elsewhere.
func fromEnvironment(t testing.TB, name, meaning string) string {
	t.Helper()
	value := os.Getenv(name)
	switch {
	case value == "" && os.Getenv("CI") != "":
		t.Fatalf("CI must set %s to %s", name, meaning)
	case value == "":
		t.Skipf("set %s to %s, or run .ci/browser go test ./internal/console/...", name, meaning)
	}
	return value
}
