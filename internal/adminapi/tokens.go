package adminapi

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

const (
	// defaultOverlap is the time for which the old secret stays valid after a rotation.
	defaultOverlap = 24 * time.Hour
	// maxScope is the maximum length of a scope.
	maxScope = 64
)

// tokenForm is the JSON form of a token. Secret is present only in the response to the
// request that creates it.
type tokenForm struct {
	SID      string        `json:"sid"`
	Account  int64         `json:"account"`
	Name     string        `json:"name"`
	Version  int           `json:"version"`
	Scopes   []store.Scope `json:"scopes"`
	Limit    int           `json:"limit,omitempty"`
	Strict   bool          `json:"strict,omitempty"`
	Created  time.Time     `json:"created"`
	Expires  time.Time     `json:"expires,omitzero"`
	OldUntil time.Time     `json:"old_secret_until,omitzero"`
	Disabled time.Time     `json:"disabled,omitzero"`
	Secret   string        `json:"secret,omitempty"`
}

// WithoutSecrets implements [httpapi.Redacted].
func (f tokenForm) WithoutSecrets() any {
	f.Secret = ""
	return f
}

func newTokenForm(t store.Token, secret string) tokenForm {
	return tokenForm{t.SID, t.Account, t.Name, t.Version, t.Scopes, t.Limit, t.Strict, t.Created, t.Expires, t.OldUntil, t.Disabled, secret}
}

func (h *handler) getTokens(o httpapi.OperatorRequest) error {
	q, err := queryNumbers(o, accountParameter)
	if err != nil {
		return err
	}
	tokens, err := h.store.ListTokens(o.Context(), q["account"])
	if err != nil {
		return err
	}
	list := make([]tokenForm, len(tokens))
	for i, t := range tokens {
		list[i] = newTokenForm(t, "")
	}
	return o.WriteJSON(http.StatusOK, map[string]any{"tokens": list})
}

func (h *handler) postToken(o httpapi.OperatorRequest) error {
	accounts, err := h.store.Accounts(o.Context())
	if err != nil {
		return err
	}
	var request store.TokenRequest
	var reason string
	err = readBody(o, func(e refdata.Entry) { request, reason = readTokenRequest(e, accounts), optionalReason(e) })
	if err != nil {
		return err
	}
	token, secret, err := request.Issue(o.Now())
	if err != nil { // the message is for the caller and begins with the name of the field
		field, _, _ := strings.Cut(err.Error(), " ")
		return wire.Invalid(wire.FieldError{Field: strings.TrimSuffix(field, ":"), Message: err.Error()})
	}
	if err := h.store.SaveToken(o.Context(), token, o.AuditEvent(store.OperationCreateToken, reason)); err != nil {
		return err
	}
	return o.WriteJSON(http.StatusCreated, newTokenForm(token, secret))
}

// readTokenRequest reads the request for a token of one of the accounts or of the admin API.
func readTokenRequest(e refdata.Entry, accounts []int64) store.TokenRequest {
	g := store.TokenRequest{
		Name:     refdata.Optional(e, "name", "", scalar.Text(store.MaxTokenName)),
		Version:  refdata.Optional(e, "version", wire.CurrentVersion, scalar.Number(wire.OldestVersion, wire.CurrentVersion)),
		Scopes:   refdata.Texts(e, "scopes", maxScope),
		ReadOnly: refdata.Optional(e, "read_only", false, scalar.Boolean),
		Limit:    refdata.Optional(e, "limit", 0, scalar.Number(1, store.MaxRequestLimit)),
		Strict:   refdata.Optional(e, "strict", false, scalar.Boolean),
		Expires:  refdata.Optional(e, "expires", time.Time{}, refdata.Instant),
		Account:  refdata.Optional(e, "account", store.Operator, scalar.ID),
	}
	admin := refdata.Optional(e, "admin", false, scalar.Boolean)
	switch {
	case admin == e.Has("account"):
		e.Errorf("account", "Required unless admin is true: a token is either for an account or for the admin API")
	case !admin && g.Account != 0 && !slices.Contains(accounts, g.Account):
		e.Errorf("account", "There is no account %d", g.Account)
	}
	return g
}

// readRotation reads the body of a request for a new secret.
func readRotation(o httpapi.OperatorRequest) (overlap time.Duration, reason string, err error) {
	err = readBody(o, func(e refdata.Entry) {
		overlap, reason = refdata.Optional(e, "overlap", defaultOverlap, overlapDuration), optionalReason(e)
	})
	return overlap, reason, err
}

func (h *handler) postRotate(o httpapi.OperatorRequest) error {
	overlap, reason, err := readRotation(o)
	if err != nil {
		return err
	}
	secret, hash := store.NewSecret()
	token, err := h.store.ChangeToken(o.Context(), o.Path("sid"), o.AuditEvent(store.OperationRotateToken, reason), store.Rotation(hash, o.Now(), overlap))
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, newTokenForm(token, secret))
}

// overlapDuration parses the overlap of a rotation, such as 24h.
func overlapDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 || d > store.MaxRotationOverlap {
		return 0, scalar.Errorf("Must be a duration from 0s to 2160h, such as 24h")
	}
	return d, nil
}

// postExpire sets the expiry of a token. The default is the time of the request.
func (h *handler) postExpire(o httpapi.OperatorRequest) error {
	at, reason := o.Now().UTC(), ""
	err := readBody(o, func(e refdata.Entry) {
		at, reason = refdata.Optional(e, "at", at, expiry), optionalReason(e)
	})
	if err != nil {
		return err
	}
	token, err := h.store.ChangeToken(o.Context(), o.Path("sid"), o.AuditEvent(store.OperationExpireToken, reason), store.Expiry(at))
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, newTokenForm(token, ""))
}

// expiry parses an instant, or "never" as the zero time.
func expiry(s string) (time.Time, error) {
	if s == "never" {
		return time.Time{}, nil
	}
	return refdata.Instant(s)
}

// postStrict turns the strict mode of a token on, or off if the body says so.
func (h *handler) postStrict(o httpapi.OperatorRequest) error {
	strict, reason := true, ""
	err := readBody(o, func(e refdata.Entry) {
		strict, reason = refdata.Optional(e, "strict", strict, scalar.Boolean), optionalReason(e)
	})
	if err != nil {
		return err
	}
	token, err := h.store.ChangeToken(o.Context(), o.Path("sid"), o.AuditEvent(store.OperationStrictToken, reason), store.Strictness(strict))
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, newTokenForm(token, ""))
}

// postDisable disables a token permanently. Disabling it again changes nothing.
func (h *handler) postDisable(o httpapi.OperatorRequest) error {
	reason, err := readReason(o)
	if err != nil {
		return err
	}
	token, err := h.store.Token(o.Context(), o.Path("sid"))
	if err == nil && token.Disabled.IsZero() {
		token, err = h.store.ChangeToken(o.Context(), token.SID, o.AuditEvent(store.OperationDisableToken, reason), disabledAt(o.Now()))
	}
	if err != nil {
		return err
	}
	return o.WriteJSON(http.StatusOK, newTokenForm(token, ""))
}

// disabledAt returns a change that disables a token.
func disabledAt(at time.Time) func(store.Token) (store.Token, error) {
	return func(t store.Token) (store.Token, error) {
		t.Disabled = at.UTC()
		return t, nil
	}
}
