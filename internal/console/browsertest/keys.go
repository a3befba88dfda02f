package browsertest

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp/kb"
)

// named are the keys that Press knows by name.
var named = map[string]string{
	"Enter": kb.Enter, "Tab": kb.Tab, "Escape": kb.Escape, "Space": " ", "Backspace": kb.Backspace, "Delete": kb.Delete,
	"ArrowDown": kb.ArrowDown, "ArrowUp": kb.ArrowUp, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
	"Home": kb.Home, "End": kb.End, "PageDown": kb.PageDown, "PageUp": kb.PageUp,
}

// Press presses keys one after the other: characters, or names of keys such as "Enter" and "Shift+Tab".
func (p *Page) Press(keys ...string) {
	p.t.Helper()
	for _, key := range keys {
		name, modifier := key, kb.ModifierNone
		if rest, is := strings.CutPrefix(key, "Shift+"); is {
			name, modifier = rest, kb.ModifierShift
		}
		if rest, is := strings.CutPrefix(key, "Ctrl+"); is {
			name, modifier = rest, kb.ModifierCtrl
		}
		characters, known := named[name]
		switch {
		case known:
		case utf8.RuneCountInString(name) == 1:
			characters = name
		default:
			p.t.Fatalf("there is no key %q", key)
		}
		p.sendKeys(characters, modifier)
	}
	p.settle()
}

// Type presses the keys of a text, wherever the focus is.
func (p *Page) Type(text string) {
	p.t.Helper()
	p.sendKeys(text, kb.ModifierNone)
	p.settle()
}

// typeText presses the keys of a text, which replaces what is selected.
func (p *Page) typeText(text string) {
	p.t.Helper()
	if text == "" {
		text = kb.Delete
	}
	p.sendKeys(text, kb.ModifierNone)
}

// sendKeys presses keys. The event of a key that goes down has its text: as on a real keyboard, no text
// is entered if the page prevents the event's default.
func (p *Page) sendKeys(keys string, modifiers kb.Modifier) {
	p.t.Helper()
	for _, r := range keys {
		events := kb.Encode(r)
		down, up := *events[0], *events[len(events)-1]
		if len(events) == 3 && modifiers&kb.ModifierCtrl == 0 {
			down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
		}
		for _, event := range []input.DispatchKeyEventParams{down, up} {
			event.Modifiers |= int64(modifiers)
			call(p, input.DispatchKeyEvent, event)
		}
	}
}

// Focused returns the role and the accessible name of the element that has the keyboard's focus,
// such as `link "Actions"`, or "" if none has.
func (p *Page) Focused() string {
	p.t.Helper()
	active := call(p, runtime.Evaluate, runtime.EvaluateParams{Expression: `document.activeElement === document.body ? null : document.activeElement`})
	if active.Result.ObjectID == "" {
		return ""
	}
	tree := call(p, accessibility.GetPartialAXTree, accessibility.GetPartialAXTreeParams{ObjectID: active.Result.ObjectID, FetchRelatives: new(false)})
	if len(tree.Nodes) != 1 {
		p.t.Fatalf("the focused element has %d nodes in the accessibility tree", len(tree.Nodes))
	}
	return fmt.Sprintf("%s %q", text(tree.Nodes[0].Role), text(tree.Nodes[0].Name))
}

// TabTo presses Tab until the element with this role and name has the focus. Each element on the way
// must have a visible focus.
func (p *Page) TabTo(role, name string) {
	p.t.Helper()
	want := fmt.Sprintf("%s %q", role, name)
	var passed []string
	for range 200 {
		p.Press("Tab")
		focused := p.Focused()
		if focused != "" && !evaluate[bool](p, focusIsVisible) {
			p.t.Fatalf("nothing shows that %s has the focus", focused)
		}
		if focused == want {
			return
		}
		passed = append(passed, focused)
	}
	p.t.Fatalf("Tab never reaches %s, only %q", want, passed)
}

// focusIsVisible reports whether the focused element has an outline or a shadow and is in view. The
// browser itself highlights the part of a date or time that has the focus.
const focusIsVisible = `(() => {
	const e = document.activeElement, s = getComputedStyle(e), box = e.getBoundingClientRect();
	const outlined = /^(date|time|month|week|datetime-local)$/.test(e.type) || s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0;
	return (outlined || s.boxShadow !== "none") && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
})()`
