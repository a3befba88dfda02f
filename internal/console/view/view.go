// Package view renders the pages of the console: the layout, the components that pages share, and
// the formats of amounts, times and states.
package view

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"time"

	"github.com/trueup-ledger/trueup/internal/console/assets"
)

//go:embed templates
var shared embed.FS

// View is the dot of a page's template. Its methods format values for the account.
type View struct {
	Title string
	// Base is the path of the account's pages. It is empty on pages without an account.
	Base    string
	Account Account
	// Accounts are all accounts of a person who has several. A name may be empty.
	Accounts []Account
	Person   Person
	Nav      []NavItem
	Toasts   []Toast
	// Zone is the time zone of the account.
	Zone *time.Location
	Now  time.Time
	// Data is that of the page.
	Data any
}

// Account is an account as the layout shows it.
type Account struct {
	ID             int64
	Name, Currency string
}

// Person is the person who is signed in.
type Person struct{ Name, Email, Role string }

// NavItem is a section of the console. Key is the key that opens it after g.
type NavItem struct {
	Label, Path, Key string
	Current          bool
}

// Toast is a message about what was done. Kind is "good" or "bad".
type Toast struct{ Kind, Text string }

// Template is a page within the layout.
type Template struct{ parsed *template.Template }

var functions = template.FuncMap{
	"asset": assets.URL,
	"badge": Badge,
	"words": Words,
	"dict":  dict,
}

// Parse returns the page with the templates of a file system, which defines "content" and may
// define more. It panics if they are invalid, which every start would show.
func Parse(pages fs.FS, names ...string) *Template {
	t := template.New("layout.html").Funcs(functions)
	t = template.Must(t.ParseFS(shared, "templates/*.html"))
	return &Template{template.Must(t.ParseFS(pages, names...))}
}

// own returns a page of this package.
func own(name string) *Template { return Parse(shared, "templates/pages/"+name) }

// Render writes the page. It writes nothing if the template fails.
func (t *Template) Render(w io.Writer, v View) error {
	if v.Zone == nil {
		v.Zone = time.UTC
	}
	var page bytes.Buffer
	if err := t.parsed.ExecuteTemplate(&page, "layout.html", v); err != nil {
		return fmt.Errorf("render a page: %w", err)
	}
	_, err := page.WriteTo(w)
	return err
}

// dict returns a map for a component with several arguments: names and values alternate.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: %d arguments", len(pairs))
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, is := pairs[i].(string)
		if !is {
			return nil, fmt.Errorf("dict: %v is no name", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

// The pages of this package.
var (
	// SignIn has a [SignInData].
	SignIn = own("signin.html")
	// Link has a [LinkData].
	Link = own("link.html")
	// Password has a [PasswordData].
	Password = own("password.html")
	// Problem has a [ProblemData].
	Problem = own("problem.html")
)

// SignInData is that of the sign-in page. Problem is a sentence, and Code reports whether a one-time
// code is asked for.
type SignInData struct {
	Email, Problem, Next string
	Code                 bool
}

// LinkData is that of the page for a one-time link. Problem replaces the button if the link is not
// valid.
type LinkData struct{ Secret, Problem string }

// PasswordData is that of the page to set a password. Optional reports whether the person has none
// and can go on without.
type PasswordData struct {
	Email, Problem string
	Optional       bool
}

// ProblemData is that of an error page. Request identifies the error in the log, if it is there.
type ProblemData struct {
	Status                   int
	Message, Remedy, Request string
}
