package console

import (
	"errors"
	"net/http"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/trueup-ledger/trueup/internal/signin"
)

// Limits of a session: without a request and in all. A request renews the idle time if the last
// renewal is so old; each renewal is a write.
const (
	idleTimeout = time.Hour
	lifetime    = 12 * time.Hour
	renewAfter  = 5 * time.Minute
)

// sessionRenewed is the key under which a session holds when its idle time was last renewed, in
// seconds.
const sessionRenewed = "renewed"

// newSessions returns the sessions, whose cookies no script can read.
func newSessions(c Config) *scs.SessionManager {
	m := scs.New()
	m.Store, m.Lifetime, m.IdleTimeout = c.Sessions, lifetime, idleTimeout
	m.Cookie.Name, m.Cookie.Path = "trueup_console", Root
	m.Cookie.HttpOnly, m.Cookie.SameSite = true, http.SameSiteLaxMode
	m.Cookie.Persist = false
	return m
}

// withSession loads the session of a request, and stores it before the response if it changed or
// its idle time must be renewed. The cookie of a browser that uses TLS, also by way of a proxy, is
// for TLS only. A caller that makes up the header of a proxy restricts its own cookie.
func (s *console) withSession(next http.Handler) http.Handler {
	loader, secure := *s.sessions, *s.sessions
	loader.IdleTimeout = 0 // otherwise each session that is loaded counts as changed
	secure.Cookie.Secure = true
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie")
		token := ""
		if cookie, err := r.Cookie(s.sessions.Cookie.Name); err == nil {
			token = cookie.Value
		}
		ctx, err := loader.Load(r.Context(), token)
		if err != nil {
			s.failSession(w, r, err)
			return
		}
		now := wallClock().Unix()
		if s.sessions.GetInt64(ctx, signin.SessionPerson) != 0 && now-s.sessions.GetInt64(ctx, sessionRenewed) >= int64(renewAfter/time.Second) {
			s.sessions.Put(ctx, sessionRenewed, now)
		}
		sw := &sessionWriter{ResponseWriter: w, console: s, request: r.WithContext(ctx), sessions: s.sessions}
		if encrypted(r) {
			sw.sessions = &secure
		}
		next.ServeHTTP(sw, sw.request)
		sw.store()
	})
}

// wallClock is the clock of package scs, which ends sessions by it, even while the clock of the
// ledger stands.
func wallClock() time.Time { return time.Now() }

// failSession writes the response to a request whose session can't be read or stored.
func (s *console) failSession(w http.ResponseWriter, r *http.Request, err error) {
	s.Log.Error("the session can't be read or stored", "path", r.URL.Path, "error", err)
	w.Header().Del("Location")
	http.Error(w, "The store is unavailable: try again", http.StatusServiceUnavailable)
}

// errNotStored reports a part of a response that isn't written, because the session was not stored.
var errNotStored = errors.New("the session was not stored")

// sessionWriter stores the session before the response begins, which sets the cookie. If that
// fails, nothing of the response follows.
type sessionWriter struct {
	http.ResponseWriter

	console  *console
	request  *http.Request
	sessions *scs.SessionManager

	began, failed bool
}

// store stores the session once, and reports whether the response can follow.
func (w *sessionWriter) store() bool {
	if w.began {
		return !w.failed
	}
	w.began = true
	ctx := w.request.Context()
	switch w.sessions.Status(ctx) {
	case scs.Modified:
		token, expiry, err := w.sessions.Commit(ctx)
		if err != nil {
			w.failed = true
			w.console.failSession(w.ResponseWriter, w.request, err)
			return false
		}
		w.sessions.WriteSessionCookie(ctx, w.ResponseWriter, token, expiry)
	case scs.Destroyed:
		w.sessions.WriteSessionCookie(ctx, w.ResponseWriter, "", time.Time{})
	case scs.Unmodified:
	}
	return true
}

// Unwrap returns the writer of the server, for [http.ResponseController].
func (w *sessionWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *sessionWriter) WriteHeader(status int) {
	if w.store() {
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *sessionWriter) Write(b []byte) (int, error) {
	if !w.store() {
		return 0, errNotStored
	}
	return w.ResponseWriter.Write(b)
}
