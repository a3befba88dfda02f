package browsertest_test

import (
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/console/browsertest"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// recorder is a test whose failures are recorded. Its methods run on the goroutine of run.
type recorder struct {
	testing.TB
	mu       sync.Mutex
	failures []string
	cleanups []func()
}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Fatal(args ...any) { r.Fatalf("%s", fmt.Sprint(args...)) }

func (r *recorder) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }

// failures returns the failures of a test.
func failures(t *testing.T, test func(t testing.TB)) []string {
	t.Helper()
	browsertest.Require(t)
	r := &recorder{TB: t}
	run := func(f func()) {
		done := make(chan struct{})
		go func() {
			defer close(done)
			f()
		}()
		<-done
	}
	run(func() { test(r) })
	for i := len(r.cleanups) - 1; i >= 0; i-- {
		run(r.cleanups[i])
	}
	return r.failures
}

// policy allows what a page of the site itself has.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'"

// document returns a page without errors that contains body.
func document(body string) string {
	return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Test</title>` +
		`<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"></head><body><main><h1>Test</h1>` + body + `</main></body></html>`
}

// site serves files, each with the content security policy.
func site(t *testing.T, files map[string]string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		content, exists := files[r.URL.Path]
		kinds := map[string]string{".svg": "image/svg+xml", ".js": "text/javascript", ".css": "text/css", "": "text/html; charset=utf-8"}
		w.Header().Set("Content-Type", kinds[filepath.Ext(r.URL.Path)])
		w.Header().Set("Content-Security-Policy", policy)
		if !exists && r.URL.Path != "/style.css" {
			w.WriteHeader(http.StatusNotFound)
			content = document("Missing") // without content, the browser shows an error page of its own
		}
		fmt.Fprint(w, content)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestEachProblemOfAPageFailsTheTest(t *testing.T) {
	other := site(t, map[string]string{"/": document("Other")})
	tests := map[string]struct {
		body, script string
		click        string   // a link
		want         []string // parts of the failures
	}{
		"a page without problems":      {body: `<p>Fine</p>`},
		"an error on the console":      {script: `console.error("no such order", 7)`, want: []string{"console error: no such order 7"}},
		"a warning on the console":     {script: `console.warn("slow")`, want: []string{"console warning: slow"}},
		"a failed assertion":           {script: `console.assert(1 > 2, "order")`, want: []string{"console assert: order"}},
		"a message is no problem":      {script: `console.log("hello")`},
		"an uncaught exception":        {script: `missing()`, want: []string{"uncaught exception: Uncaught ReferenceError: missing is not defined"}},
		"a rejected promise":           {script: `Promise.reject(new Error("late"))`, want: []string{"uncaught exception: Uncaught (in promise) Error: late"}},
		"an exception after the load":  {script: `addEventListener("load", () => setTimeout(() => fetch("/ok").then(() => missing())))`, want: []string{"missing is not defined"}},
		"a missing image":              {body: `<img src="/missing.png" alt="">`, want: []string{"status 404 of http"}},
		"an image of another host":     {body: `<img src="` + other + `/a.png" alt="">`, want: []string{"content security policy: img-src violated by " + other, "request to another host: " + other + "/a.png"}},
		"a fetch from another host":    {script: `fetch("` + other + `/").catch(() => {})`, want: []string{"content security policy: connect-src violated by " + other, "javascript error: Fetch API cannot load"}},
		"a link to another host":       {body: `<a href="` + other + `/">Away</a>`, click: "Away", want: []string{"request to another host: " + other + "/", "request to another host: " + other + "/style.css"}},
		"an inline script":             {body: `<script>alert(1)</script>`, want: []string{"content security policy: script-src-elem violated by inline code"}},
		"an inline style":              {body: `<p style="color:red">Red</p>`, want: []string{"content security policy: style-src-attr violated by inline code"}},
		"an inline handler":            {body: `<button type="button" onclick="void 0">Go</button>`, want: []string{"content security policy: script-src-attr violated by inline code"}},
		"a script that calls eval":     {script: `try { eval("1") } catch {}`, want: []string{"content security policy: script-src violated by"}},
		"a form for another host":      {body: `<form action="` + other + `"><button>Send</button></form>`, script: `addEventListener("load", () => document.forms[0].submit())`, want: []string{"form-action"}},
		"a frame of another host":      {body: `<iframe src="` + other + `" title="Frame"></iframe>`, want: []string{"content security policy: frame-src violated by " + other}},
		"a dialog":                     {script: `alert("Sure?")`, want: []string{"dialog: Sure?"}},
		"a field without a name or id": {body: `<label>Name <input></label>`, want: []string{"GenericIssue"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			base := site(t, map[string]string{"/": document(test.body + `<script src="/test.js"></script>`), "/test.js": test.script, "/ok": ""})
			got := failures(t, func(t testing.TB) {
				p := browsertest.New(t, base)
				p.Open("/")
				if test.click != "" {
					p.Click("link", test.click)
				}
			})
			check(t, got, test.want)
		})
	}
}

// check fails the test unless each failure contains a wanted part, each part once.
func check(t *testing.T, got, want []string) {
	t.Helper()
	missing := want
	for _, failure := range got {
		found := false
		for i, part := range missing {
			if found = strings.Contains(failure, part); found {
				missing = append(missing[:i:i], missing[i+1:]...)
				break
			}
		}
		if !found {
			t.Errorf("unexpected failure: %s", failure)
		}
	}
	for _, part := range missing {
		t.Errorf("no failure contains %q", part)
	}
}

func TestAxeFailsTheTestWithRuleElementAndRemedy(t *testing.T) {
	tests := map[string]struct {
		body, style string
		mode        browsertest.Mode
		want        []string
	}{
		"an accessible page":                      {body: `<p>Fine</p>`, mode: browsertest.Light},
		"an image without a text":                 {body: `<img src="data:," id="logo">`, mode: browsertest.Light, want: []string{`(image-alt, critical)`}},
		"a field without a label":                 {body: `<input name="q">`, mode: browsertest.Light, want: []string{`(label, critical)`}},
		"little contrast":                         {body: `<p>Pale</p>`, style: `p { color: #bbb; background: #fff }`, mode: browsertest.Light, want: []string{`(color-contrast, serious)`}},
		"little contrast in the dark":             {body: `<p>Pale</p>`, style: `@media (prefers-color-scheme: dark) { p { color: #444; background: #222 } }`, mode: browsertest.Dark, want: []string{`(color-contrast, serious)`}},
		"contrast in light that the dark lacks":   {body: `<p>Pale</p>`, style: `@media (prefers-color-scheme: dark) { p { color: #444; background: #222 } }`, mode: browsertest.Light},
		"small targets on a phone":                {body: `<button type="button">1</button><button type="button">2</button>`, style: `@media (max-width: 400px) { button { width: 10px; height: 10px; padding: 0; overflow: hidden } }`, mode: browsertest.Phone, want: []string{`(target-size, serious)`, `(target-size, serious)`}},
		"large targets on a screen, not on phone": {body: `<button type="button">1</button><button type="button">2</button>`, style: `@media (max-width: 400px) { button { width: 10px; height: 10px; padding: 0 } }`, mode: browsertest.Light},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			base := site(t, map[string]string{"/": document(test.body), "/style.css": "button { width: 3rem; height: 3rem }" + test.style})
			got := failures(t, func(t testing.TB) {
				p := browsertest.NewIn(t, test.mode, base)
				p.Open("/")
				p.Axe()
			})
			check(t, got, test.want)
			for _, failure := range got {
				if !strings.Contains(failure, "Fix ") || !strings.Contains(failure, "<") {
					t.Errorf("the failure lacks its element or its remedy: %s", failure)
				}
			}
		})
	}
}

// form is a page with every kind of field. Its script shows what was sent.
const form = `
<form>
<label>Order <input name="order"></label>
<label>Note <textarea name="note">old note</textarea></label>
<label>Reason <select name="reason"><option value="r">Return</option><option value="d">Damaged</option></select></label>
<label>Day <input type="date" name="day"></label>
<label><input type="checkbox" name="all"> All items</label>
<label>File <input type="file" name="file"></label>
<button>Send</button>
</form>
<table><thead><tr><th>SKU</th><th>Change</th></tr></thead><tr><td>SHIRT</td><td><button type="button">Edit</button></td></tr><tr><td>SHOE</td><td><button type="button">Edit</button></td></tr></table>
<output id="result"></output>
<script src="/form.js"></script>`

const formScript = `
const show = text => document.getElementById("result").textContent = text;
document.forms[0].addEventListener("submit", e => {
	e.preventDefault();
	const f = new FormData(e.target);
	show("sent " + ["order", "note", "reason", "day", "all"].map(n => f.get(n)).join("|") + "|" + f.get("file").name);
});
document.querySelector("table").addEventListener("click", e => show("edit " + e.target.closest("tr").cells[0].textContent));
document.addEventListener("keydown", e => { if (e.key === "/") { e.preventDefault(); document.forms[0].order.focus() } });
document.addEventListener("keydown", e => { if (e.key === "?" && e.target === document.body) show("help"); });
`

func TestAPersonsActionsReachThePage(t *testing.T) {
	base := site(t, map[string]string{"/": document(form), "/form.js": formScript})
	p := browsertest.New(t, base)
	p.Open("/")
	p.Press("?")
	p.See("help")
	file := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(file, []byte("a,b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p.Fill("Order", "ORDER-7 ÄÖ 注文")
	p.Fill("Note", "")
	p.Fill("Reason", "Damaged")
	p.Fill("Day", "2026-01-31")
	p.Click("checkbox", "All items")
	p.Find("button", "File").Upload(file)
	p.Click("button", "Send")
	p.See("sent ORDER-7 ÄÖ 注文||d|2026-01-31|on|rows.csv")
	p.FindWith("row", "SHOE").Find("button", "Edit").Click()
	p.See("edit SHOE")
	p.NotSee("edit SHIRT")
	if got := p.Count("row"); got != 3 {
		t.Errorf("the page has %d rows, want 3", got)
	}
	if got := p.Field("Order").Value(); got != "ORDER-7 ÄÖ 注文" {
		t.Errorf("the field holds %q", got)
	}
	p.Press("/") // which the page handles, so it isn't entered
	p.Type("8")
	if got := p.Field("Order").Value(); got != "ORDER-7 ÄÖ 注文8" {
		t.Errorf("the field holds %q", got)
	}
	p.TabTo("button", "Send")
	p.Press("Shift+Tab")
	if got, want := p.Focused(), `button "File"`; got != want {
		t.Errorf("the focus is on %s, want %s", got, want)
	}
}

func TestAnImpossibleActionFailsTheTest(t *testing.T) {
	body := `<button type="button" disabled>Off</button> <div id="under"><button type="button">Covered</button></div><div id="over">Over</div>
		<label>Reason <select name="r"><option>Return</option></select></label><p>Twice</p><p>Twice</p>`
	style := `#over { position: absolute; top: 0; left: 0; width: 1000px; height: 800px; background: white } a:focus, button:focus, select:focus { outline: none }`
	base := site(t, map[string]string{"/": document(body), "/style.css": style})
	tests := map[string]struct {
		do   func(p *browsertest.Page)
		want string
	}{
		"a missing button":           {func(p *browsertest.Page) { p.Click("button", "Save") }, `the page has 0 of button "Save", and these: button "Off", button "Covered"`},
		"a button in a missing row":  {func(p *browsertest.Page) { p.FindWith("row", "SHOE").Find("button", "Edit").Click() }, `the page has 0 of row with "SHOE", and these: nothing like it`},
		"a disabled button":          {func(p *browsertest.Page) { p.Click("button", "Off") }, "it is disabled"},
		"a covered button":           {func(p *browsertest.Page) { p.Click("button", "Covered") }, `it is covered by <div id="over">`},
		"a text that exists twice":   {func(p *browsertest.Page) { p.ClickText("Twice") }, `the page has 2 of StaticText "Twice"`},
		"a missing option":           {func(p *browsertest.Page) { p.Fill("Reason", "Lost") }, "its options are Return"},
		"a missing field":            {func(p *browsertest.Page) { p.Fill("Order", "7") }, `combobox "Reason"`},
		"a text that isn't shown":    {func(p *browsertest.Page) { p.See("Saved") }, `the text "Saved"`},
		"a text that stays":          {func(p *browsertest.Page) { p.NotSee("Over") }, `the text "Over" to go`},
		"an element that stays":      {func(p *browsertest.Page) { p.Find("button", "Off").Gone() }, "it is still there"},
		"an unknown key":             {func(p *browsertest.Page) { p.Press("Hyper") }, `there is no key "Hyper"`},
		"a focus that nothing shows": {func(p *browsertest.Page) { p.TabTo("combobox", "Reason") }, "nothing shows that"},
		"another path":               {func(p *browsertest.Page) { p.WaitPath("/actions") }, `it is "/"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			check(t, failures(t, func(t testing.TB) {
				p := browsertest.New(t, base)
				p.Open("/")
				defer p.Hurry(2 * time.Second)()
				test.do(p)
			}), []string{test.want})
		})
	}
}

func TestAPageThatIsWiderThanItsWindowFailsTheTest(t *testing.T) {
	base := site(t, map[string]string{"/": document(`<p id="wide">Wide</p><div><p>Scrolled</p></div>`), "/style.css": `p { width: 500px } div { overflow-x: auto }`})
	got := failures(t, func(t testing.TB) {
		p := browsertest.New(t, base)
		p.Open("/")
		p.FitsWidth()
		p.Show(browsertest.Phone)
		p.FitsWidth()
	})
	check(t, got, []string{`wider than the window of 390 pixels: <p id="wide">`})
}

func TestTransferredCountsAllResponses(t *testing.T) {
	base := site(t, map[string]string{"/": document(`<img src="/a.svg" alt="">`), "/a.svg": `<svg xmlns="http://www.w3.org/2000/svg"><!--` + strings.Repeat("x", 50_000) + `--></svg>`})
	p := browsertest.New(t, base)
	p.Open("/")
	if got := p.Transferred(); got < 50_000 || got > 52_000 {
		t.Errorf("the page has %d bytes", got)
	}
}

func TestAPageReadsWithoutJavaScript(t *testing.T) {
	base := site(t, map[string]string{"/": document(`<noscript>no script</noscript><p id="p">static</p><script src="/s.js"></script>`), "/s.js": `document.getElementById("p").textContent = "scripted"`})
	p := browsertest.NewIn(t, browsertest.NoScript, base)
	p.Open("/")
	p.See("no script")
	p.See("static")
	p.Show(browsertest.Light)
	p.Open("/")
	p.See("scripted")
}

func TestAnExpectedStatusIsNoProblem(t *testing.T) {
	base := site(t, nil)
	check(t, failures(t, func(t testing.TB) { browsertest.New(t, base).Open("/missing") }), []string{"status 404"})
	p := browsertest.New(t, base)
	p.AllowStatus(404)
	p.Open("/missing")
}

func TestPagesShareNoCookies(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "secret"})
		fmt.Fprint(w, document(fmt.Sprintf("%d cookies", len(r.Cookies()))))
	}))
	t.Cleanup(server.Close)
	first, second := browsertest.New(t, server.URL), browsertest.New(t, server.URL)
	first.Open("/")
	first.See("0 cookies")
	first.Open("/")
	first.See("1 cookies")
	second.Open("/")
	second.See("0 cookies")
}

func TestAScreenshotShowsTheWholePage(t *testing.T) {
	base := site(t, map[string]string{"/": document(`<p>Tall</p>`), "/style.css": `p { height: 3000px }`})
	p := browsertest.NewIn(t, browsertest.Phone, base)
	p.Open("/")
	file := filepath.Join(t.TempDir(), "shots", "page.png")
	p.Screenshot(file)
	width, height := size(t, file)
	if width != 390 || height < 3000 {
		t.Errorf("the picture has %d × %d pixels", width, height)
	}
}

// size returns the size of a PNG file.
func size(t *testing.T, file string) (width, height int) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	config, err := png.DecodeConfig(f)
	if err != nil {
		t.Fatal(err)
	}
	return config.Width, config.Height
}
