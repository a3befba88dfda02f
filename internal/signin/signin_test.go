package signin_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/trueup-ledger/trueup/internal/people"
	"github.com/trueup-ledger/trueup/internal/signin"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/ledger/program"
)

const (
	email    = "ann@example.com"
	password = "Quartz-lantern 94 harbour"
)

var byTest = store.AuditEvent{Actor: store.Actor{Source: store.SourceProgram, ID: "test"}, Operation: "test"}

// fixture is a service on a store with one person, who has a password.
type fixture struct {
	*testing.T
	*signin.Service
	store *sqlstore.Store
	now   time.Time
	ann   people.Person
}

func open(t *testing.T) *fixture {
	t.Helper()
	st, err := sqlstore.OpenSQLite(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	f := &fixture{T: t, store: st, now: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)}
	f.Service = signin.New(st, func() time.Time { return f.now })
	f.record(1)
	f.ann = f.invite(email)
	f.must(f.setPassword(password))
	return f
}

// record records an account.
func (f *fixture) record(account int64) {
	f.Helper()
	_, err := f.store.Record(f.Context(), account, f.now, f.event(), func(*program.Reference, time.Time) (store.ReferenceChange, error) {
		shop := program.Account{ID: account, Name: "Shop", Currency: "USD", Zone: "UTC", ModificationLimit: program.DefaultModificationLimit}
		return store.ReferenceChange{Reference: program.Reference{Account: shop}}, nil
	})
	f.must(err)
}

func (f *fixture) event() store.AuditEvent {
	e := byTest
	e.At = f.now
	return e
}

func (f *fixture) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// addLink stores another link of a person.
func addLink(link store.Link) signin.Change {
	return func(r store.PersonRecord) (store.PersonChange, error) {
		return store.PersonChange{Person: r, Link: &link}, nil
	}
}

// setPassword sets the password of ann, in the present epoch, and reads ann again.
func (f *fixture) setPassword(password string) error {
	f.Helper()
	p, err := f.Person(f.Context(), f.ann.ID)
	f.must(err)
	if p, err = f.SetPassword(f.Context(), p, password); err == nil {
		f.ann = p
	}
	return err
}

// invite invites a person and redeems the link.
func (f *fixture) invite(email string) people.Person {
	f.Helper()
	link, secret := store.NewLink(people.PurposeInvitation, f.now)
	_, err := f.store.InvitePerson(f.Context(), email, "Ann Harbour", people.Membership{Account: 1, Role: people.RoleFinance}, link, f.event())
	f.must(err)
	p, err := f.Redeem(f.Context(), secret)
	f.must(err)
	return p
}

// signIn signs in and returns the error.
func (f *fixture) signIn(a signin.Attempt) error {
	f.Helper()
	p, err := f.SignIn(f.Context(), a)
	if (err == nil) != (p.ID != 0) {
		f.Errorf("SignIn returns person %d and the error %v", p.ID, err)
	}
	return err
}

func (f *fixture) wantSignIn(want error, a signin.Attempt) {
	f.Helper()
	if err := f.signIn(a); err != want { // the text is shown: nothing may wrap it
		f.Errorf("%s signs in: %v, want %v", a.Email, err, want)
	}
}

// operations returns the latest operations in the audit log, newest first, with their actors.
func (f *fixture) operations(limit int) (list []string) {
	f.Helper()
	events, err := f.store.AuditEvents(f.Context(), store.Operator, 0, limit)
	f.must(err)
	for _, e := range events {
		list = append(list, strings.TrimSpace(strings.Join([]string{string(e.Actor.Source), e.Actor.ID, string(e.Operation), e.Detail}, ": ")))
	}
	return list
}

func TestAPersonSignsInByPassword(t *testing.T) {
	f := open(t)
	p, err := f.SignIn(t.Context(), signin.Attempt{Email: " ANN@example.com", Password: password})
	if err != nil || p.ID != f.ann.ID || p.Email != email || !p.Password || !p.May(1, people.Finance) {
		t.Errorf("signed in: %+v, %v", p, err)
	}
	for name, a := range map[string]signin.Attempt{
		"a wrong password":             {Email: email, Password: password + "x"},
		"no password":                  {Email: email},
		"an unknown address":           {Email: "bob@example.com", Password: password},
		"an invalid address":           {Email: "bob", Password: password},
		"a password of a thousand KiB": {Email: email, Password: strings.Repeat("a", 1<<20)},
	} {
		if err := f.signIn(a); !errors.Is(err, signin.ErrCredentials) || err.Error() != signin.ErrCredentials.Error() {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = f.store.ChangePerson(t.Context(), f.ann.ID, f.event(), func(r store.PersonRecord) (store.PersonChange, error) {
		r.Disabled = true // and the password stays, unlike by signin.Disable
		return store.PersonChange{Person: r}, nil
	})
	f.must(err)
	f.wantSignIn(signin.ErrCredentials, signin.Attempt{Email: email, Password: password})
	if got, want := f.operations(2)[1], "CONSOLE: ann@example.com: sign in: by password"; got != want {
		t.Errorf("the event is %q, want %q", got, want)
	}
}

func TestAPersonWithoutAPasswordSignsInByLinkOnly(t *testing.T) {
	f := open(t)
	bob := f.invite("bob@example.com")
	f.wantSignIn(signin.ErrCredentials, signin.Attempt{Email: bob.Email})
	link, secret := store.NewLink(people.PurposeSignIn, f.now)
	_, err := f.store.ChangePerson(t.Context(), bob.ID, f.event(), addLink(link))
	f.must(err)
	p, err := f.Redeem(t.Context(), secret)
	if err != nil || p.ID != bob.ID || p.Password {
		t.Errorf("redeemed: %+v, %v", p, err)
	}
	for _, secret := range []string{secret, "", "unknown", strings.Repeat("a", 1<<20)} {
		if _, err := f.Redeem(t.Context(), secret); !errors.Is(err, signin.ErrLink) {
			t.Errorf("redeemed again: %v", err)
		}
	}
	link, secret = store.NewLink(people.PurposeSignIn, f.now)
	_, err = f.store.ChangePerson(t.Context(), bob.ID, f.event(), addLink(link))
	f.must(err)
	f.now = f.now.Add(people.PurposeSignIn.Validity())
	if _, err := f.Redeem(t.Context(), secret); !errors.Is(err, signin.ErrLink) {
		t.Errorf("redeemed when it has expired: %v", err)
	}
}

func TestFailedAttemptsLockKnownAndUnknownAddressesAlike(t *testing.T) {
	f := open(t)
	for _, a := range []signin.Attempt{{Email: email, Password: "wrong"}, {Email: "nobody@example.com", Password: "wrong"}} {
		start := f.now
		for range 5 {
			f.wantSignIn(signin.ErrCredentials, a)
		}
		for n, minutes := range []int{1, 2, 4, 8, 16, 32, 60, 60} {
			want := f.now.Add(time.Duration(minutes) * time.Minute)
			a.Password = password // even the right one
			var locked *signin.LockedError
			if err := f.signIn(a); !errors.As(err, &locked) || !locked.Until.Equal(want) {
				t.Fatalf("%s: lock %d is %v, want one until %v", a.Email, n, err, want)
			}
			f.now = locked.Until
			a.Password = "wrong"
			f.wantSignIn(signin.ErrCredentials, a)
		}
		f.now = start
	}
	operations := strings.Join(f.operations(100), "\n")
	if n := strings.Count(operations, "lock out: until"); n != 9 || strings.Contains(operations, "nobody") {
		t.Errorf("%d locks in the audit log:\n%s", n, operations)
	}
}

func TestASuccessForgivesFailuresAndALockEnds(t *testing.T) {
	f := open(t)
	right, wrong := signin.Attempt{Email: email, Password: password}, signin.Attempt{Email: email, Password: "wrong"}
	for range 3 {
		for range 4 {
			f.wantSignIn(signin.ErrCredentials, wrong)
		}
		f.wantSignIn(nil, right)
	}
	for range 5 {
		f.wantSignIn(signin.ErrCredentials, wrong)
	}
	if err := f.signIn(right); !errors.As(err, new(*signin.LockedError)) {
		t.Errorf("during the lock: %v", err)
	}
	f.now = f.now.Add(time.Minute)
	f.wantSignIn(nil, right)
	f.wantSignIn(signin.ErrCredentials, wrong)
	f.wantSignIn(nil, right)
}

func TestParallelAttemptsDoNotExceedTheLimit(t *testing.T) {
	f := open(t)
	var tried, locked atomic.Int32
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			_, err := f.SignIn(t.Context(), signin.Attempt{Email: email, Password: "wrong"})
			switch {
			case errors.Is(err, signin.ErrCredentials):
				tried.Add(1)
			case errors.As(err, new(*signin.LockedError)):
				locked.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if tried.Load() != 5 || locked.Load() != 15 {
		t.Errorf("%d passwords were tried, and %d attempts locked", tried.Load(), locked.Load())
	}
}

// enroll sets up one-time codes and returns the secret.
func (f *fixture) enroll() string {
	f.Helper()
	uri, err := f.EnrollTOTP(f.Context(), f.ann.ID)
	f.must(err)
	u, err := url.Parse(uri)
	f.must(err)
	if u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/Trueup:"+email || u.Query().Get("issuer") != "Trueup" {
		f.Errorf("the URI is %s", uri)
	}
	return u.Query().Get("secret")
}

func (f *fixture) code(secret string, at time.Time) string {
	f.Helper()
	code, err := totp.GenerateCode(secret, at)
	f.must(err)
	return code
}

func TestOneTimeCodesAreRequiredOnceConfirmed(t *testing.T) {
	f := open(t)
	if err := f.ConfirmTOTP(t.Context(), f.ann.ID, "123456"); !errors.Is(err, signin.ErrNotEnrolling) {
		t.Errorf("confirmed without an enrollment: %v", err)
	}
	secret := f.enroll()
	attempt := signin.Attempt{Email: email, Password: password}
	f.wantSignIn(nil, attempt)
	for _, code := range []string{"", "000000", f.code(secret, f.now.Add(10*time.Minute))} {
		if err := f.ConfirmTOTP(t.Context(), f.ann.ID, code); !errors.Is(err, signin.ErrCode) {
			t.Errorf("confirmed by %q: %v", code, err)
		}
	}
	f.must(f.ConfirmTOTP(t.Context(), f.ann.ID, f.code(secret, f.now)))
	for range 20 {
		f.wantSignIn(signin.ErrCodeRequired, attempt) // which is no failure
	}
	f.wantSignIn(signin.ErrCredentials, signin.Attempt{Email: email, Password: "wrong"})
	attempt.Code = f.code(secret, f.now)
	f.wantSignIn(signin.ErrCredentials, attempt) // it confirmed the enrollment
	f.now = f.now.Add(time.Minute)
	code := f.code(secret, f.now)
	attempt.Code = " " + code[:3] + " " + code[3:] + " "
	f.wantSignIn(nil, attempt)
	f.wantSignIn(signin.ErrCredentials, attempt)
	attempt.Code = f.code(secret, f.now.Add(-30*time.Second))
	f.wantSignIn(signin.ErrCredentials, attempt) // an earlier one
	attempt.Code = f.code(secret, f.now.Add(30*time.Second))
	f.wantSignIn(nil, attempt) // of a clock that is ahead
	f.now = f.now.Add(2 * time.Minute)
	attempt.Code = f.code(secret, f.now.Add(-time.Minute))
	f.wantSignIn(signin.ErrCredentials, attempt) // of a clock that is too far behind
	p, err := f.Person(t.Context(), f.ann.ID)
	if err != nil || !p.TOTP {
		t.Errorf("the person is %+v, %v", p, err)
	}
	f.enroll()
	attempt.Code = f.code(secret, f.now)
	f.wantSignIn(nil, attempt) // until the new secret is confirmed
	f.must(f.RemoveTOTP(t.Context(), f.ann.ID))
	f.wantSignIn(nil, signin.Attempt{Email: email, Password: password})
}

func TestGuessedCodesLockTheAddress(t *testing.T) {
	f := open(t)
	secret := f.enroll()
	f.must(f.ConfirmTOTP(t.Context(), f.ann.ID, f.code(secret, f.now)))
	f.now = f.now.Add(time.Minute)
	wrong := signin.Attempt{Email: email, Password: password, Code: f.code(secret, f.now.Add(time.Hour))}
	for range 5 {
		f.wantSignIn(signin.ErrCredentials, wrong)
	}
	wrong.Code = f.code(secret, f.now)
	if err := f.signIn(wrong); !errors.As(err, new(*signin.LockedError)) {
		t.Errorf("after five codes: %v", err)
	}
}

func TestPasswordsThatAreEasyToGuessAreRefused(t *testing.T) {
	for password, valid := range map[string]bool{
		password:                       true,
		"correct horse battery staple": true,
		"山田は毎朝とても早く起きます": true,
		"Tr0ub4dor&3":                     false, // short
		strings.Repeat("a1!B", 33):        false, // long
		strings.Repeat("a", 40):           false,
		"123456789012345678":              false,
		"abcdefghijklmnopqrst":            false,
		"annannannann@example":            false,
		"Harbour-Harbour-Harbour":         false,
		"ann.harbour@example":             false,
		strings.Repeat("\xff\xfe\x01", 9): false,
	} {
		err := signin.CheckPassword(password, people.Person{Email: email, Name: "Ann Harbour"})
		var refused *signin.PasswordError
		if (err == nil) != valid || err != nil && (!errors.As(err, &refused) || !strings.HasSuffix(refused.Rule, ".")) {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestACallerThatIsGoneDoesNotWait(t *testing.T) {
	f := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := f.SignIn(ctx, signin.Attempt{Email: email, Password: password}); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}
