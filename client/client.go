package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/client/internal/transport"
)

// Environment variables with the default values of [Options].
const (
	EnvURL   = "TRUEUP_URL"
	EnvSID   = "TRUEUP_SID"
	EnvToken = "TRUEUP_TOKEN"
)

// Version is the version of the protocol that the client uses unless [Options.Version] is set.
const Version = 14

// Options configures a [Client]. The zero value reads the environment.
type Options struct {
	// BaseURL is the URL of the server, such as "https://ledger.example.com". The default is
	// that of the environment variable TRUEUP_URL.
	BaseURL string
	// SID and Token are the AccountSID and the AuthToken. The defaults are those of the
	// environment variables TRUEUP_SID and TRUEUP_TOKEN.
	SID, Token string
	// HTTPClient sends the requests. The default is a client with the default transport and
	// without a timeout: contexts bound the calls. Only a GET follows redirects; that of another
	// request is an [*Error].
	HTTPClient *http.Client
	// Logger logs every attempt at level Debug and every retry at level Info. The default is
	// not to log.
	Logger *slog.Logger
	// Version is the version of the protocol, from 11 to 14. The default is [Version].
	Version int
	// Original reports whether the server is the Brand API itself, which knows no idempotency
	// keys: writes are then not repeated unless the server certainly did not carry them out. It
	// is always true if the host is impact.com or one of its subdomains.
	Original bool
	// Retry bounds the attempts.
	Retry Retry
}

// Retry bounds the attempts to send a request and the pauses between them. A field that is 0
// has its default.
type Retry struct {
	// MaxAttempts is the maximum number of attempts. The default is 8; 1 is never to retry.
	MaxAttempts int
	// MinDelay is the longest pause before the second attempt. It doubles with each further
	// one. The default is 100 ms. The pauses are random between half of it and all of it.
	MinDelay time.Duration
	// MaxDelay is the longest pause, also of those that the server asks for. If it asks for a
	// longer one, its response is returned as an error at once. The default is 30 s.
	MaxDelay time.Duration
}

// Defaults of [Retry].
const (
	defaultAttempts = 8
	defaultMinDelay = 100 * time.Millisecond
	defaultMaxDelay = 30 * time.Second
)

// Client calls a server with the credentials of one token. It is safe for concurrent use. Create
// one with [New].
type Client struct {
	transport transport.Transport
	root      string // the path of the account
	original  bool
}

// New returns a client with the given options.
func New(o Options) (*Client, error) {
	base, err := url.Parse(cmp.Or(o.BaseURL, os.Getenv(EnvURL)))
	switch {
	case err != nil:
		return nil, fmt.Errorf("client: base URL: %w", err)
	case base.Scheme != "http" && base.Scheme != "https", base.Host == "", base.User != nil, base.RawQuery != "":
		return nil, errors.New("client: the base URL must be like https://ledger.example.com: set Options.BaseURL or " + EnvURL)
	}
	c := &Client{
		original: o.Original || transport.IsOriginal(base.Hostname()),
		transport: transport.Transport{
			Base: strings.TrimSuffix(base.String(), "/"), Version: cmp.Or(o.Version, Version),
			User: cmp.Or(o.SID, os.Getenv(EnvSID)), Password: cmp.Or(o.Token, os.Getenv(EnvToken)),
			HTTP: transport.Client(o.HTTPClient), Log: o.Logger,
			MaxAttempts: cmp.Or(o.Retry.MaxAttempts, defaultAttempts),
			MinDelay:    cmp.Or(o.Retry.MinDelay, defaultMinDelay),
			MaxDelay:    cmp.Or(o.Retry.MaxDelay, defaultMaxDelay),
		},
	}
	t := &c.transport
	if t.User == "" || t.Password == "" {
		return nil, errors.New("client: no credentials: set Options.SID and Token, or " + EnvSID + " and " + EnvToken)
	}
	if t.Log == nil {
		t.Log = slog.New(slog.DiscardHandler)
	}
	c.root = "/Advertisers/" + url.PathEscape(t.User)
	return c, nil
}

// get returns a request for an object or a list of the account.
func (c *Client) get(path string, query url.Values) transport.Request {
	return transport.Get(c.root+path, query)
}

// do sends a request until it succeeds, fails for good or has had its attempts.
func (c *Client) do(ctx context.Context, r transport.Request) (transport.Response, error) {
	result, err := c.transport.Do(ctx, r)
	return result, describe(r, err)
}
