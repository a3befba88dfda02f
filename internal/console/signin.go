package console

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/console/page"
	"github.com/trueup-ledger/trueup/internal/console/view"
	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/signin"
)

// handleSignIn adds the pages of people who are not signed in.
func (s *console) handleSignIn(mux *http.ServeMux) {
	mux.HandleFunc("GET "+Root+"signin", s.getSignIn)
	mux.HandleFunc("POST "+Root+"signin", s.postSignIn)
	mux.HandleFunc("POST "+Root+"signout", s.postSignOut)
	mux.HandleFunc("GET "+Root+"link", s.getLink)
	mux.HandleFunc("POST "+Root+"link", s.postLink)
	mux.HandleFunc("GET "+Root+"password", s.getPassword)
	mux.HandleFunc("POST "+Root+"password", s.postPassword)
}

// maxSignIn is the maximum size of a form of somebody who is not signed in.
const maxSignIn = 16 << 10

// render writes a page without an account.
func (s *console) render(w http.ResponseWriter, status int, t *view.Template, title string, data any) {
	w.WriteHeader(status)
	if err := t.Render(w, view.View{Title: title, Now: s.Now(), Data: data}); err != nil {
		s.Log.Debug("writing a page failed", "error", err)
	}
}

func (s *console) getSignIn(w http.ResponseWriter, r *http.Request) {
	s.render(w, http.StatusOK, view.SignIn, "Sign in", view.SignInData{Next: nextPage(r.URL.Query().Get("next"))})
}

func (s *console) postSignIn(w http.ResponseWriter, r *http.Request) {
	form, ok := s.form(w, r)
	if !ok {
		return
	}
	data := view.SignInData{Email: form.Get("email"), Next: nextPage(form.Get("next"))}
	p, err := s.SignIn.SignIn(r.Context(), signin.Attempt{Email: data.Email, Password: form.Get("password"), Code: strings.TrimSpace(form.Get("code"))})
	var locked *signin.LockedError
	switch {
	case errors.As(err, &locked):
		w.Header().Set("Retry-After", "60")
		data.Problem = sentence(err)
		s.render(w, http.StatusTooManyRequests, view.SignIn, "Sign in", data)
	case errors.Is(err, signin.ErrCodeRequired), errors.Is(err, signin.ErrCredentials):
		data.Code, data.Problem = errors.Is(err, signin.ErrCodeRequired), sentence(err)
		s.render(w, http.StatusUnauthorized, view.SignIn, "Sign in", data)
	case err != nil:
		s.fail(w, r, err)
	default:
		s.enter(w, r, p, data.Next)
	}
}

// enter begins the session of a person. Its token is a new one: a token that somebody else planted
// in the browser before is worth nothing.
func (s *console) enter(w http.ResponseWriter, r *http.Request, p people.Person, next string) {
	ctx := r.Context()
	if err := s.sessions.Clear(ctx); err != nil {
		s.fail(w, r, err)
		return
	}
	if err := s.sessions.RenewToken(ctx); err != nil {
		s.fail(w, r, err)
		return
	}
	s.sessions.Put(ctx, signin.SessionPerson, p.ID)
	s.sessions.Put(ctx, signin.SessionEpoch, p.Epoch)
	http.Redirect(w, r, next, http.StatusSeeOther)
}

func (s *console) postSignOut(w http.ResponseWriter, r *http.Request) {
	if err := s.sessions.Destroy(r.Context()); err != nil {
		s.fail(w, r, err)
		return
	}
	http.Redirect(w, r, Root+"signin", http.StatusSeeOther)
}

// getLink shows a button that redeems the link. A GET must not use it up: mail programs fetch links
// to check them.
func (s *console) getLink(w http.ResponseWriter, r *http.Request) {
	s.render(w, http.StatusOK, view.Link, "Sign in by link", view.LinkData{Secret: r.URL.Query().Get("secret")})
}

func (s *console) postLink(w http.ResponseWriter, r *http.Request) {
	form, ok := s.form(w, r)
	if !ok {
		return
	}
	p, err := s.SignIn.Redeem(r.Context(), form.Get("secret"))
	switch {
	case errors.Is(err, signin.ErrLink):
		s.render(w, http.StatusGone, view.Link, "Sign in by link", view.LinkData{Problem: sentence(err)})
	case err != nil:
		s.fail(w, r, err)
	case p.Password:
		s.enter(w, r, p, Root)
	default:
		s.enter(w, r, p, Root+"password")
	}
}

func (s *console) getPassword(w http.ResponseWriter, r *http.Request) {
	if p, ok := s.signedIn(w, r); ok {
		s.render(w, http.StatusOK, view.Password, "Set a password", view.PasswordData{Email: p.Email, Optional: !p.Password})
	}
}

func (s *console) postPassword(w http.ResponseWriter, r *http.Request) {
	form, ok := s.form(w, r) // before the session is checked: a caller can hold the form back
	if !ok {
		return
	}
	p, ok := s.signedIn(w, r)
	if !ok {
		return
	}
	data := view.PasswordData{Email: p.Email, Optional: !p.Password}
	if p.Password {
		// Only the way by a link gets here without the present password.
		_, err := s.SignIn.SignIn(r.Context(), signin.Attempt{Email: p.Email, Password: form.Get("current"), Code: form.Get("code")})
		if err != nil {
			data.Problem = sentence(err)
			s.render(w, http.StatusUnauthorized, view.Password, "Set a password", data)
			return
		}
	}
	err := errors.New("the two passwords differ: enter the same one twice")
	if form.Get("password") == form.Get("again") {
		var changed people.Person
		if changed, err = s.SignIn.SetPassword(r.Context(), p, form.Get("password")); err == nil {
			p = changed
		}
	}
	var rule *signin.PasswordError
	switch {
	case err == nil:
		s.enter(w, r, p, Root)
	case errors.Is(err, signin.ErrSessionEnded), errors.Is(err, signin.ErrDisabled):
		toSignIn(w, r)
	case errors.As(err, &rule), form.Get("password") != form.Get("again"):
		data.Problem = sentence(err)
		s.render(w, http.StatusUnprocessableEntity, view.Password, "Set a password", data)
	default:
		s.fail(w, r, err)
	}
}

// signedIn returns the person of the session, or leads to the sign-in page.
func (s *console) signedIn(w http.ResponseWriter, r *http.Request) (people.Person, bool) {
	p, err := s.person(r)
	switch {
	case err != nil:
		s.fail(w, r, err)
	case p.ID == 0:
		toSignIn(w, r)
	}
	return p, err == nil && p.ID != 0
}

// form reads a form of somebody who need not be signed in.
func (s *console) form(w http.ResponseWriter, r *http.Request) (url.Values, bool) {
	r.Body = http.MaxBytesReader(w, r.Body, maxSignIn)
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, &page.Problem{Status: http.StatusBadRequest, Message: "The form can't be read", Remedy: "Go back and send it again."})
		return nil, false
	}
	return r.PostForm, true
}

// nextPage returns the path of a page of the console, or its root for everything else: a link must
// not lead to another site after the sign-in.
func nextPage(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !strings.HasPrefix(u.Path, Root+"a/") || path.Clean(u.Path) != u.Path || strings.Contains(next, "\\") {
		return Root
	}
	return next
}

// sentence returns the text of an error as a sentence.
func sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// problemView returns the view of an error page without an account.
func problemView(p *page.Problem, request string, now time.Time) view.View {
	return view.View{Title: p.Message, Now: now, Data: view.ProblemData{Status: p.Status, Message: p.Message, Remedy: p.Remedy, Request: request}}
}
