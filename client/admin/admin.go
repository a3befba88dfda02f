package admin

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"os"

	"github.com/trueup-ledger/trueup/client"
)

// Environment variables with the default values of [Options].
const (
	EnvURL   = "TRUEUP_ADMIN_URL"
	EnvSID   = "TRUEUP_ADMIN_SID"
	EnvToken = "TRUEUP_ADMIN_TOKEN"
)

// Options configures a [Client]. The zero value reads the environment.
type Options struct {
	// BaseURL is the URL of the admin API, such as "http://127.0.0.1:8081/admin/v1". The default
	// is that of the environment variable TRUEUP_ADMIN_URL.
	BaseURL string
	// SID and Token are those of an admin token. The defaults are those of the environment
	// variables TRUEUP_ADMIN_SID and TRUEUP_ADMIN_TOKEN.
	SID, Token string
	// HTTPClient, Logger and Retry are those of [client.Options].
	HTTPClient *http.Client
	Logger     *slog.Logger
	Retry      client.Retry
}

// Client calls the admin API with the credentials of one token. It is safe for concurrent use.
// Create one with [New].
type Client struct{ client *client.Client }

// New returns a client with the given options.
func New(o Options) (*Client, error) {
	base, sid, token := cmp.Or(o.BaseURL, os.Getenv(EnvURL)), cmp.Or(o.SID, os.Getenv(EnvSID)), cmp.Or(o.Token, os.Getenv(EnvToken))
	switch { // package client would read the variables of accounts
	case base == "":
		return nil, errors.New("admin: no URL: set Options.BaseURL or " + EnvURL)
	case sid == "" || token == "":
		return nil, errors.New("admin: no credentials: set Options.SID and Token, or " + EnvSID + " and " + EnvToken)
	}
	c, err := client.New(client.Options{BaseURL: base, SID: sid, Token: token, HTTPClient: o.HTTPClient, Logger: o.Logger, Retry: o.Retry})
	if err != nil {
		return nil, err
	}
	return &Client{c}, nil
}

// WriteOptions are options of a write.
type WriteOptions struct {
	// Reason is stored in the audit log. The writes that say so require it.
	Reason string
	// IdempotencyKey identifies the write, so that to send it again has no further effect, not
	// even after a restart of the caller. The default is a random key for each call.
	IdempotencyKey string
}

// Date is a day in the time zone of the account, such as "2026-12-31".
type Date string

// Month is a month in the time zone of the account, such as "2026-12".
type Month string
