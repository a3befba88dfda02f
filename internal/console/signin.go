package console

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"path"
	"strconv"
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
	if err != nil {
		data.Code = errors.Is(err, signin.ErrCodeRequired)
		s.refuse(w, r, err, func(status int, problem string) {
			data.Problem = problem
			s.render(w, status, view.SignIn, "Sign in", data)
		})
		return
	}
	s.enter(w, r, p, data.Next)
}

// errDiffer reports that a new password was entered in two ways.
var errDiffer = errors.New("the two passwords differ: enter the same one twice")

// busyFor is the time after which a caller should try again when too many passwords wait.
const busyFor = 5 * time.Second

// refuse calls show with the status and the text of an error that is for the person. All others are
// logged, and get the page for errors: their texts are for operators.
func (s *console) refuse(w http.ResponseWriter, r *http.Request, err error, show func(status int, problem string)) {
	var locked *signin.LockedError
	var rule *signin.PasswordError
	var status int
	var wait time.Duration
	switch {
	case errors.As(err, &locked):
		status, wait = http.StatusTooManyRequests, locked.Until.Sub(s.Now())
	case errors.Is(err, signin.ErrBusy):
		status, wait = http.StatusServiceUnavailable, busyFor
	case errors.Is(err, signin.ErrCodeRequired), errors.Is(err, signin.ErrCredentials):
		status = http.StatusUnauthorized
	case errors.Is(err, signin.ErrLink):
		status = http.StatusGone
	case errors.Is(err, errDiffer), errors.As(err, &rule):
		status = http.StatusUnprocessableEntity
	default:
		s.fail(w, r, err)
		return
	}
	if wait != 0 {
		seconds := max(1, int64((wait+time.Second-1)/time.Second))
		w.Header().Set("Retry-After", strconv.FormatInt(seconds, 10))
	}
	show(status, sentence(err))
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
	s.sessions.Put(ctx, sessionRenewed, wallClock().Unix())
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
	case err != nil:
		s.refuse(w, r, err, func(status int, problem string) {
			s.render(w, status, view.Link, "Sign in by link", view.LinkData{Problem: problem})
		})
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
	changed, err := s.setPassword(r.Context(), p, form)
	switch {
	case err == nil:
		s.enter(w, r, changed, Root)
	case errors.Is(err, signin.ErrSessionEnded), errors.Is(err, signin.ErrDisabled):
		toSignIn(w, r)
	default:
		s.refuse(w, r, err, func(status int, problem string) {
			s.render(w, status, view.Password, "Set a password", view.PasswordData{Email: p.Email, Optional: !p.Password, Problem: problem})
		})
	}
}

// setPassword sets the password of a person by a form. It checks the new password first, so that a
// mistake there doesn't use up a one-time code.
func (s *console) setPassword(ctx context.Context, p people.Person, form url.Values) (people.Person, error) {
	password := form.Get("password")
	if password != form.Get("again") {
		return people.Person{}, errDiffer
	}
	if err := signin.CheckPassword(password, p); err != nil {
		return people.Person{}, err
	}
	if p.Password {
		// Only the way by a link gets here without the present password.
		_, err := s.SignIn.SignIn(ctx, signin.Attempt{Email: p.Email, Password: form.Get("current"), Code: form.Get("code")})
		if err != nil {
			return people.Person{}, err
		}
	}
	return s.SignIn.SetPassword(ctx, p, password)
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
	return strings.ToUpper(text[:1]) + strings.TrimSuffix(text[1:], ".") + "."
}

// problemView returns the view of an error page without an account.
func problemView(p *page.Problem, request string, now time.Time) view.View {
	return view.View{Title: p.Message, Now: now, Data: view.ProblemData{Status: p.Status, Message: p.Message, Remedy: p.Remedy, Request: request}}
}
