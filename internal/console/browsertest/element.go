package browsertest

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Element is found by its role and name when it is used, so it may not exist yet.
type Element struct {
	page   *Page
	within *Element // nil for the page
	role   string   // "" for any field of a form
	name   string
	text   string // if set, the element contains it and has any name
	any    bool   // whether the element has any name
}

// fields are the roles of what a person fills in.
var fields = []string{"textbox", "searchbox", "combobox", "spinbutton", "listbox", "checkbox", "radio", "switch", "slider", "Date", "DateTime", "InputTime", "ColorWell"}

// Find returns the element with an ARIA role and an accessible name.
func (p *Page) Find(role, name string) *Element {
	return &Element{page: p, role: role, name: name}
}

// FindWith returns the element with an ARIA role that contains a text, such as a row of a table, which
// has no name.
func (p *Page) FindWith(role, text string) *Element {
	return &Element{page: p, role: role, text: text}
}

// Field returns the field of a form with this label.
func (p *Page) Field(label string) *Element { return p.Find("", label) }

// Click clicks the element with this role and name.
func (p *Page) Click(role, name string) {
	p.t.Helper()
	p.Find(role, name).Click()
}

// ClickText clicks a text.
func (p *Page) ClickText(text string) {
	p.t.Helper()
	p.Find("StaticText", text).Click()
}

// Fill replaces the content of the field with this label.
func (p *Page) Fill(label, text string) {
	p.t.Helper()
	p.Field(label).Fill(text)
}

// Find returns an element within e.
func (e *Element) Find(role, name string) *Element {
	return &Element{page: e.page, within: e, role: role, name: name}
}

// Field returns the field of a form within e that has this label.
func (e *Element) Field(label string) *Element { return e.Find("", label) }

// Count returns the number of elements with a role.
func (p *Page) Count(role string) (count int) {
	p.t.Helper()
	p.wait("count "+role, func(ctx context.Context) (string, error) {
		all, err := (&Element{page: p, role: role, any: true}).matches(ctx)
		count = len(all)
		return "", err
	})
	return count
}

// Wait waits until the element exists.
func (e *Element) Wait() {
	e.page.t.Helper()
	e.do("", func(context.Context, cdp.BackendNodeID) error { return nil })
}

// Gone waits until the element doesn't exist.
func (e *Element) Gone() {
	e.page.t.Helper()
	e.page.wait(e.String()+" to go", func(ctx context.Context) (string, error) {
		nodes, err := e.nodes(ctx)
		if err != nil || len(nodes) == 0 {
			return "", err
		}
		return "it is still there", nil
	})
}

// Click clicks the element's center. It waits until nothing covers it.
func (e *Element) Click() {
	e.page.t.Helper()
	var x, y float64
	e.do("click", func(ctx context.Context, id cdp.BackendNodeID) (err error) {
		x, y, err = e.point(ctx, id)
		return err
	})
	ctx, cancel := e.page.deadline()
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.MouseClickXY(x, y)); err != nil {
		e.page.t.Fatalf("click %s: %v", e, err)
	}
	e.page.settle()
}

// point scrolls to a node and returns its center, where a click reaches it.
func (e *Element) point(ctx context.Context, id cdp.BackendNodeID) (x, y float64, err error) {
	if _, err := chromedp.Call(ctx, dom.ScrollIntoViewIfNeeded, dom.ScrollIntoViewIfNeededParams{BackendNodeID: id}); err != nil {
		return 0, 0, err
	}
	shape, err := chromedp.Call(ctx, dom.GetContentQuads, dom.GetContentQuadsParams{BackendNodeID: id})
	if err != nil {
		return 0, 0, err
	}
	if len(shape.Quads) == 0 {
		return 0, 0, errors.New("it has no area")
	}
	q := shape.Quads[0]
	x, y = (q[0]+q[2]+q[4]+q[6])/4, (q[1]+q[3]+q[5]+q[7])/4
	var obstacle string
	if err := e.evaluate(ctx, id, obstacleAt, &obstacle, x, y); err != nil {
		return 0, 0, err
	}
	if obstacle != "" {
		return 0, 0, errors.New(obstacle)
	}
	return x, y, nil
}

// obstacleAt returns why a click at a point would not reach this.
const obstacleAt = `function(x, y) {
	if (this.disabled) return "it is disabled";
	const hit = document.elementFromPoint(x, y), self = this.nodeType === Node.TEXT_NODE ? this.parentElement : this;
	if (hit && (self.contains(hit) || hit.contains(self) || [...(self.labels || [])].some(l => l.contains(hit)))) return "";
	return hit ? "it is covered by " + hit.cloneNode(false).outerHTML : "it is outside of the page";
}`

// Focus moves the keyboard's focus to the element.
func (e *Element) Focus() {
	e.page.t.Helper()
	e.do("focus", func(ctx context.Context, id cdp.BackendNodeID) error {
		_, err := chromedp.Call(ctx, dom.Focus, dom.FocusParams{BackendNodeID: id})
		return err
	})
}

// Fill replaces the content of a field. It types the text, and selects the option with this text in
// a list. Dates and times are in the form of their values, such as 2026-01-31.
func (e *Element) Fill(text string) {
	e.page.t.Helper()
	var typed bool
	e.do("fill", func(ctx context.Context, id cdp.BackendNodeID) error {
		var problem string
		if err := e.evaluate(ctx, id, prepareField, &problem, text); err != nil {
			return err
		}
		typed = problem == "type"
		if problem != "" && !typed {
			return errors.New(problem)
		}
		return nil
	})
	if typed {
		e.page.typeText(text)
	}
	e.page.settle()
}

// prepareField sets the value of a field that one doesn't type into. It focuses other fields, selects
// their content and returns "type".
const prepareField = `function(text) {
	if (this.disabled || this.readOnly) return "it can't be changed";
	this.focus();
	if (this instanceof HTMLSelectElement) {
		const option = [...this.options].find(o => o.label === text);
		if (!option) return "its options are " + [...this.options].map(o => o.label).join(", ");
		option.selected = true;
	} else if (/^(date|time|month|week|datetime-local|color|range)$/.test(this.type)) {
		this.value = text;
		if (this.value !== text) return "it doesn't accept this value";
	} else {
		this.select();
		return "type";
	}
	this.dispatchEvent(new Event("input", {bubbles: true}));
	this.dispatchEvent(new Event("change", {bubbles: true}));
	return "";
}`

// Upload chooses files in a field for files. Its role is that of a button.
func (e *Element) Upload(files ...string) {
	e.page.t.Helper()
	e.do("upload", func(ctx context.Context, id cdp.BackendNodeID) error {
		_, err := chromedp.Call(ctx, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: files, BackendNodeID: id})
		return err
	})
	e.page.settle()
}

// Text returns the element's visible text.
func (e *Element) Text() string {
	e.page.t.Helper()
	return e.value(content)
}

// content returns the text of an element, or of a text.
const content = `function() { return this.innerText ?? this.textContent }`

// Value returns the value of a field.
func (e *Element) Value() string {
	e.page.t.Helper()
	return e.value(`function() { return this.value }`)
}

func (e *Element) value(function string) (value string) {
	e.page.t.Helper()
	e.do("read", func(ctx context.Context, id cdp.BackendNodeID) error {
		return e.evaluate(ctx, id, function, &value)
	})
	return value
}

// String returns how the test named the element.
func (e *Element) String() string {
	s := fmt.Sprintf("%s %q", cmp.Or(e.role, "field"), e.name)
	if e.text != "" {
		s = fmt.Sprintf("%s with %q", e.role, e.text)
	}
	if e.within != nil {
		s += " in " + e.within.String()
	}
	return s
}

// do waits until the element exists once and action succeeds. It may call action several times.
func (e *Element) do(verb string, action func(ctx context.Context, id cdp.BackendNodeID) error) {
	e.page.t.Helper()
	e.page.wait(strings.TrimSpace(verb+" "+e.String()), func(ctx context.Context) (string, error) {
		nodes, err := e.nodes(ctx)
		if err != nil {
			return "", err
		}
		if len(nodes) != 1 {
			return e.missing(ctx, len(nodes))
		}
		return "", action(ctx, nodes[0])
	})
}

// nodes returns the nodes of the document that match.
func (e *Element) nodes(ctx context.Context) (ids []cdp.BackendNodeID, err error) {
	found, err := e.matches(ctx)
	for _, n := range found {
		ids = append(ids, n.BackendDOMNodeID)
	}
	return ids, err
}

// matches returns the nodes of the accessibility tree that match.
func (e *Element) matches(ctx context.Context) (found []*accessibility.Node, err error) {
	root, err := e.root(ctx)
	if err != nil || root == 0 {
		return nil, err
	}
	// The browser compares another name than it returns for some elements, so names are compared here.
	result, err := chromedp.Call(ctx, accessibility.QueryAXTree, accessibility.QueryAXTreeParams{BackendNodeID: root, Role: e.role})
	if err != nil {
		return nil, err
	}
	for _, n := range result.Nodes {
		switch is, err := e.is(ctx, n); {
		case err != nil:
			return nil, err
		case is && (e.within == nil || n.BackendDOMNodeID != root):
			found = append(found, n)
		}
	}
	return found, nil
}

// is reports whether n, which has the role, is e.
func (e *Element) is(ctx context.Context, n *accessibility.Node) (bool, error) {
	switch {
	case n.Ignored, e.role == "" && !slices.Contains(fields, text(n.Role)):
		return false, nil
	case e.text == "":
		return e.any || text(n.Name) == e.name, nil
	}
	var shown string
	err := e.evaluate(ctx, n.BackendDOMNodeID, content, &shown)
	return strings.Contains(shown, e.text), err
}

// root returns the node that e is searched in, 0 if it doesn't exist yet.
func (e *Element) root(ctx context.Context) (cdp.BackendNodeID, error) {
	if e.within == nil {
		document, err := chromedp.Call(ctx, dom.GetDocument, dom.GetDocumentParams{Depth: new(int64(0))})
		if err != nil {
			return 0, err
		}
		return document.Root.BackendNodeID, nil
	}
	nodes, err := e.within.nodes(ctx)
	switch {
	case err != nil || len(nodes) == 0:
		return 0, err
	case len(nodes) > 1:
		return 0, fmt.Errorf("the page has %d of %s", len(nodes), e.within)
	}
	return nodes[0], nil
}

// missing describes why there isn't exactly one element, but count.
func (e *Element) missing(ctx context.Context, count int) (string, error) {
	if e.within != nil {
		if outer, err := e.within.nodes(ctx); err != nil || len(outer) != 1 {
			return e.within.missing(ctx, len(outer))
		}
	}
	all, err := (&Element{page: e.page, within: e.within, role: e.role, any: true}).matches(ctx)
	if err != nil {
		return "", err
	}
	var names []string
	for _, n := range all {
		names = append(names, fmt.Sprintf("%s %q", text(n.Role), text(n.Name)))
	}
	if len(names) == 0 {
		names = []string{"nothing like it"}
	}
	return fmt.Sprintf("the page has %d of %s, and these: %s", count, e, strings.Join(names, ", ")), nil
}

// evaluate calls a function of JavaScript on a node.
func (e *Element) evaluate(ctx context.Context, id cdp.BackendNodeID, function string, result any, args ...any) error {
	node, err := chromedp.Call(ctx, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: id})
	if err != nil {
		return err
	}
	params := runtime.CallFunctionOnParams{FunctionDeclaration: function, ObjectID: node.Object.ObjectID, ReturnByValue: new(true), UserGesture: new(true)}
	for _, arg := range args {
		value, err := json.Marshal(arg)
		if err != nil {
			return err
		}
		params.Arguments = append(params.Arguments, &runtime.CallArgument{Value: value})
	}
	got, err := chromedp.Call(ctx, runtime.CallFunctionOn, params)
	if err != nil {
		return err
	}
	if got.ExceptionDetails != nil {
		return errors.New(exception(got.ExceptionDetails))
	}
	return json.Unmarshal(got.Result.Value, result)
}

// text returns a value of the accessibility tree that is a string.
func text(v *accessibility.Value) (s string) {
	if v != nil && json.Unmarshal(v.Value, &s) != nil {
		s = string(v.Value)
	}
	return s
}
