package adminapi

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

const (
	// usualOverlap is for how long the secret before a rotation opens too.
	usualOverlap = 24 * time.Hour
	maxName      = 255
	maxScope     = 64
)

// tokenLine is a token as it is answered; Secret is shown once, to whoever has it made.
type tokenLine struct {
	SID      string        `json:"sid"`
	Account  int64         `json:"account"`
	Name     string        `json:"name"`
	Version  int           `json:"version"`
	Scopes   []store.Scope `json:"scopes"`
	Limit    int           `json:"limit,omitempty"`
	Created  time.Time     `json:"created"`
	Expires  time.Time     `json:"expires,omitzero"`
	OldUntil time.Time     `json:"old_secret_until,omitzero"`
	Disabled time.Time     `json:"disabled,omitzero"`
	Secret   string        `json:"secret,omitempty"`
}

func lineOf(t store.Token, secret string) tokenLine {
	return tokenLine{t.SID, t.Account, t.Name, t.Version, t.Scopes, t.Limit, t.Created, t.Expires, t.OldUntil, t.Disabled, secret}
}

func (d *desk) getTokens(o httpapi.Operator) error {
	q, err := o.Query("account")
	if err != nil {
		return err
	}
	of, err := number(q, "account", 0, 1<<62)
	if err != nil {
		return err
	}
	tokens, err := d.store.ListTokens(o.Context(), of)
	if err != nil {
		return err
	}
	lines := make([]tokenLine, len(tokens))
	for i, t := range tokens {
		lines[i] = lineOf(t, "")
	}
	return o.Answer(http.StatusOK, map[string]any{"tokens": lines})
}

func (d *desk) postToken(o httpapi.Operator) error {
	accounts, err := d.store.Accounts(o.Context())
	if err != nil {
		return err
	}
	var grant store.Grant
	var reason string
	err = body(o, func(e refdata.Entry) { grant, reason = readGrant(e, accounts), because(e, false) })
	if err != nil {
		return err
	}
	token, secret, err := grant.Token(o.Now())
	if err != nil { // its words are for whoever asked, and begin with the key
		field, _, _ := strings.Cut(err.Error(), " ")
		return wire.Invalid(wire.Fault{Field: strings.TrimSuffix(field, ":"), Message: err.Error()})
	}
	if err := d.store.SaveToken(o.Context(), token, o.Does(store.OperationCreateToken, reason)); err != nil {
		return err
	}
	return o.Answer(http.StatusCreated, lineOf(token, secret))
}

// readGrant reads what a token is to be: of one of the accounts, or of the operator.
func readGrant(e refdata.Entry, accounts []int64) store.Grant {
	g := store.Grant{
		Name:     refdata.May(e, "name", "", refdata.Text(maxName)),
		Version:  refdata.May(e, "version", wire.CurrentVersion, refdata.Number(wire.OldestVersion, wire.CurrentVersion)),
		Scopes:   refdata.Texts(e, "scopes", maxScope),
		ReadOnly: refdata.May(e, "read_only", false, refdata.Boolean),
		Limit:    refdata.May(e, "limit", 0, refdata.Number(1, store.MaxLimit)),
		Expires:  refdata.May(e, "expires", time.Time{}, refdata.Instant),
		Account:  refdata.May(e, "account", store.Operator, refdata.ID),
	}
	admin := refdata.May(e, "admin", false, refdata.Boolean)
	switch {
	case admin == e.Has("account"):
		e.Fault("account", "Required, unless admin is true: a token is for one account, or for the admin API")
	case !admin && g.Account != 0 && !slices.Contains(accounts, g.Account):
		e.Fault("account", "There is no account %d", g.Account)
	}
	return g
}

func (d *desk) postRotate(o httpapi.Operator) error {
	overlap, reason := usualOverlap, ""
	err := body(o, func(e refdata.Entry) {
		overlap, reason = refdata.May(e, "overlap", overlap, duration), because(e, false)
	})
	if err != nil {
		return err
	}
	secret, hash := store.NewSecret()
	token, err := d.store.ChangeToken(o.Context(), o.Path("sid"), o.Does(store.OperationRotateToken, reason), store.Rotated(hash, o.Now(), overlap))
	if err != nil {
		return err
	}
	return o.Answer(http.StatusOK, lineOf(token, secret))
}

// duration reads for how long a secret overlaps, as 24h or 0s.
func duration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || d > store.MaxOverlap {
		return 0, refdata.Say("Must be a duration from 0s to 2160h, as 24h")
	}
	return d, nil
}

// postDisable disables a token for good; done before, it stays as it was.
func (d *desk) postDisable(o httpapi.Operator) error {
	reason := ""
	if err := body(o, func(e refdata.Entry) { reason = because(e, false) }); err != nil {
		return err
	}
	token, err := d.store.Token(o.Context(), o.Path("sid"))
	if err != nil {
		return err
	}
	if token.Disabled.IsZero() {
		token, err = d.store.ChangeToken(o.Context(), token.SID, o.Does(store.OperationDisableToken, reason), func(t store.Token) (store.Token, error) {
			t.Disabled = o.Now().UTC()
			return t, nil
		})
	}
	if err != nil {
		return err
	}
	return o.Answer(http.StatusOK, lineOf(token, ""))
}
