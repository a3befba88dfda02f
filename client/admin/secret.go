package admin

import (
	"context"
	"fmt"
	"time"
)

// SigningSecret is the secret that signs the requests of a notification. A receiver verifies them by
// VerifyWebhook of package client.
type SigningSecret struct {
	Signed         bool      `wire:"signed"` // whether there is a secret
	Since          time.Time `wire:"since"`
	OldSecretUntil time.Time `wire:"old_secret_until"` // the end of the overlap of a rotation
	// Secret is like "whsec_…". Only RotateSigningSecret returns it.
	Secret string `wire:"secret"`
}

// SigningSecret returns since when a notification has a secret.
func (c *Client) SigningSecret(ctx context.Context, account, notification int) (*SigningSecret, error) {
	return read[SigningSecret](ctx, c, notificationPath(account, notification, "secret"))
}

// RotateSigningSecret gives a notification a new secret and returns it. The secret that it had, if
// any, signs too for the overlap. If the server had the write already, by its idempotency key, the
// result has no secret, and the error is [ErrSecretLost].
func (c *Client) RotateSigningSecret(ctx context.Context, account, notification int, r Rotation, o WriteOptions) (*SigningSecret, error) {
	s, err := post[SigningSecret](ctx, c, notificationPath(account, notification, "secret"), r, "", o)
	if err == nil && s.Secret == "" {
		err = fmt.Errorf("%w (notification %d of account %d)", ErrSecretLost, notification, account)
	}
	return s, err
}
