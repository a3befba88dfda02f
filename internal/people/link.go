package people

import (
	"net/url"
	"time"
)

// Purpose is what a one-time link is for.
type Purpose string

// The purposes.
const (
	// PurposeInvitation is that of the link for a new person, and PurposeReset that of the link
	// for one who lost the password or the device that makes codes.
	PurposeInvitation Purpose = "invitation"
	PurposeReset      Purpose = "reset"
	// PurposeSignIn is that of a link that only signs in, as the demo prints it.
	PurposeSignIn Purpose = "sign-in"
)

// Validity returns how long a link with the purpose can be redeemed.
func (p Purpose) Validity() time.Duration {
	switch p {
	case PurposeInvitation:
		return 7 * 24 * time.Hour
	case PurposeReset:
		return 24 * time.Hour
	}
	return time.Hour
}

// LinkPath returns the path and query of the console's page that redeems a link. The secret is in
// the query, because the log of requests has only paths.
func LinkPath(secret string) string {
	return "/console/link?" + url.Values{"secret": {secret}}.Encode()
}
