package httpapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

// call is one request on its way.
type call struct {
	api *API
	w   http.ResponseWriter
	r   *http.Request
	// id names the request in the answer and in the log.
	id  string
	now time.Time
	// path is the request's, escaped, as it was sent.
	path string
	// conversions says that errors have the spelling that senders of conversions read.
	conversions bool

	token     store.Token
	reference *ledger.Reference
	params    *wire.Params
	// dry says that a write is only to be shown.
	dry     bool
	format  wire.Format
	version int
	// key is that of a write; its text is "" if the caller gave none.
	key store.Key
	// file says that the body is a form with a batch file, which upload then is.
	file   bool
	upload store.NewFile

	// until is when the answer must have been read.
	until time.Time
	// begun says that an answer is under way: no other can be given.
	begun bool
	err   error
}

// negotiate takes the format from the path's ending, or else from the Accept header.
func (c *call) negotiate(path string, found bool) (string, bool) {
	if rest, format, suffixed := wire.Suffix(path); suffixed {
		c.format = format
		return rest, found
	}
	format, err := wire.Negotiate(strings.Join(c.r.Header.Values("Accept"), ","))
	if err != nil {
		c.err = err
	}
	c.format = format
	return path, found
}

// authenticate finds the token that the caller proves to have; it must be that
// of the path. What a caller is told does not depend on which SIDs exist.
func (c *call) authenticate(path string) error {
	token, err := c.prove()
	if err != nil {
		return err
	}
	if token.Account == store.Operator {
		return forbidden("This token is for the admin API alone")
	}
	c.token = token
	if err := c.spend(); err != nil {
		return err
	}
	if owner, _, _ := strings.Cut(strings.TrimPrefix(path, "/"+brand+"/"), "/"); owner != token.SID {
		return forbidden("This token is not for the AccountSID in the path")
	}
	c.reference, err = c.api.store.Reference(c.r.Context(), token.Account, store.Latest)
	return err
}

// prove answers the token that the caller proves to have.
func (c *call) prove() (store.Token, error) {
	sid, secret, _ := c.r.BasicAuth()
	c.now = c.api.now()
	token, err := store.Authenticate(c.r.Context(), c.api.store, sid, secret, c.now)
	if errors.Is(err, ledger.ErrNotFound) {
		c.w.Header().Set("WWW-Authenticate", `Basic realm="Trueup", charset="UTF-8"`)
		return store.Token{}, &wire.Error{Status: http.StatusUnauthorized, Message: "Send the AccountSID as user and the AuthToken as password"}
	}
	if err == nil && !token.Disabled.IsZero() {
		err = forbidden("This token is disabled")
	}
	return token, err
}

// forbidden answers the 403 of a caller who is known and may not.
func forbidden(message string) *wire.Error {
	return &wire.Error{Status: http.StatusForbidden, Message: message}
}

// read reads the parameters from query string and body, and from them the method
// and the version that are meant.
func (c *call) read() (method string, err error) {
	if c.err != nil { // no format that the caller accepts
		return "", c.err
	}
	if c.file {
		err = c.readUpload()
	} else {
		err = c.readBody()
	}
	if err != nil {
		return "", err
	}
	for _, name := range wire.VersionHeaders {
		if header := c.r.Header.Get(name); header != "" || name == wire.VersionHeaders[len(wire.VersionHeaders)-1] {
			c.version, err = wire.Version(c.params, header, c.token.Version)
			break
		}
	}
	if err != nil {
		c.version = wire.CurrentVersion
		return "", err
	}
	return wire.Method(c.r.Method, c.params)
}

// readBody reads the parameters from query string and body.
func (c *call) readBody() error {
	body, err := c.body(wire.MaxBody)
	if err != nil {
		return err
	}
	c.params, err = wire.ParseParams(c.r.URL.RawQuery, c.r.Header.Get("Content-Type"), body)
	return err
}

// body reads the request's body, which has at most so many bytes.
func (c *call) body(limit int64) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, limit))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return nil, &wire.Error{
			Status:  http.StatusRequestEntityTooLarge,
			Message: fmt.Sprintf("Send at most %d MiB; split the request", limit>>20),
		}
	}
	if err != nil {
		return nil, &wire.Error{Status: http.StatusBadRequest, Message: "The request's body ended early"}
	}
	return body, nil
}

// view runs f on one snapshot of the account.
func (c *call) view(f func(store.Reader) error) error {
	return c.api.store.Read(c.r.Context(), c.token.Account, f)
}

// header sends what stands before every answer.
func (c *call) header(status int) {
	if c.params != nil {
		if ignored := c.params.Ignored(); ignored != "" {
			c.w.Header().Set(wire.IgnoredHeader, ignored)
		}
	}
	c.w.Header().Set("Content-Type", c.format.ContentType())
	c.w.Header().Set("Cache-Control", "no-store")
	c.w.Header().Set("X-Content-Type-Options", "nosniff")
	c.begun = true
	c.w.WriteHeader(status)
}

// write answers 200 with the body.
func (c *call) write(body []byte) error {
	c.header(http.StatusOK)
	return c.cut(c.send(body))
}

// cut ends the connection if an answer under way cannot go on: its reader must
// not take what came for the whole.
func (c *call) cut(err error) error {
	if err == nil || !c.begun {
		return err
	}
	if !errors.Is(err, context.Canceled) {
		c.api.log.Warn("answer cut short", "request", c.id, "path", c.r.URL.Path, "error", err)
	}
	panic(http.ErrAbortHandler)
}
