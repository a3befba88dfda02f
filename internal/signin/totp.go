package signin

import (
	"context"
	"crypto/subtle"
	"fmt"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"github.com/trueup-ledger/trueup/internal/store"
)

// issuer is what an authenticator app shows for the secret.
const issuer = "Trueup"

// period is the time for which a code is valid. One period before and after is accepted too, for
// clocks that differ.
const (
	period = 30 * time.Second
	skew   = 1
)

var codes = totp.ValidateOpts{Period: uint(period / time.Second), Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// checkCode returns the time step of a code if it is one of the secret and of a later step than
// the last accepted one. Otherwise it returns [ErrCodeRequired] or [ErrCredentials].
func checkCode(secret, code string, last int64, now time.Time) (step int64, err error) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	if code == "" {
		return 0, ErrCodeRequired
	}
	for _, offset := range []int64{0, -skew, skew} {
		at := now.Add(time.Duration(offset) * period)
		want, err := totp.GenerateCodeCustom(secret, at, codes)
		if err != nil {
			return 0, fmt.Errorf("one-time code: %w", err)
		}
		if s := at.Unix() / int64(codes.Period); s > last && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			return s, nil
		}
	}
	return 0, ErrCredentials
}

// EnrollTOTP begins to set up one-time codes for a person, and returns the URI for an authenticator
// app. The codes are required once [Service.ConfirmTOTP] was called; until then, those that were
// required before still are.
func (s *Service) EnrollTOTP(ctx context.Context, personID int64) (uri string, err error) {
	r, err := s.store.Person(ctx, personID)
	if err != nil {
		return "", err
	}
	key, err := totp.Generate(totp.GenerateOpts{
		Issuer: issuer, AccountName: r.Email, Period: codes.Period, Digits: codes.Digits, Algorithm: codes.Algorithm,
	})
	if err != nil {
		return "", fmt.Errorf("one-time codes: %w", err)
	}
	_, err = s.change(ctx, r.Person, store.OperationSetTOTP, func(r store.PersonRecord) (store.PersonChange, error) {
		r.PendingSecret = key.Secret()
		return store.PersonChange{Person: r, Detail: "begun"}, nil
	})
	if err != nil {
		return "", err
	}
	return key.URL(), nil
}

// ConfirmTOTP makes one-time codes required with the password, if code is one of the enrollment.
// Otherwise it returns [ErrCode] or [ErrNotEnrolling].
func (s *Service) ConfirmTOTP(ctx context.Context, personID int64, code string) error {
	r, err := s.store.Person(ctx, personID)
	if err != nil {
		return err
	}
	now := s.now()
	_, err = s.change(ctx, r.Person, store.OperationSetTOTP, func(r store.PersonRecord) (store.PersonChange, error) {
		if r.PendingSecret == "" {
			return store.PersonChange{}, ErrNotEnrolling
		}
		step, err := checkCode(r.PendingSecret, code, 0, now)
		if err != nil {
			return store.PersonChange{}, ErrCode
		}
		r.Secret, r.PendingSecret, r.Step = r.PendingSecret, "", step
		return store.PersonChange{Person: r, Detail: "confirmed"}, nil
	})
	return err
}

// RemoveTOTP ends the need for one-time codes.
func (s *Service) RemoveTOTP(ctx context.Context, personID int64) error {
	r, err := s.store.Person(ctx, personID)
	if err != nil {
		return err
	}
	_, err = s.change(ctx, r.Person, store.OperationRemoveTOTP, func(r store.PersonRecord) (store.PersonChange, error) {
		r.Secret, r.PendingSecret = "", ""
		return store.PersonChange{Person: r}, nil
	})
	return err
}
