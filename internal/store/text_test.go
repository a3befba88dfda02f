package store_test

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
)

func TestWhatIsKeptIsTextThatEveryStoreCanKeep(t *testing.T) {
	for sent, want := range map[string]string{
		"":                     "",
		"J\u00f6rg \U0001f9ea": "J\u00f6rg \U0001f9ea",
		"a\x00b\x00":           "ab",
		"J\xf6rg":              "J\uFFFDrg",
		"a\x00b\xff\xfe\x00c":  "ab\uFFFDc",
	} {
		if got := store.Text(sent); got != want {
			t.Errorf("%q becomes %q, want %q", sent, got, want)
		}
		by := store.Actor{Source: store.SourceCommand, ID: "id" + sent, Name: sent}
		deed, err := store.AuditEvent{Actor: by, Operation: "test", Reason: sent}.Complete(1, time.Now(), sent, sent)
		if err != nil {
			t.Fatal(err)
		}
		for what, got := range map[string]string{
			"actor": deed.Actor.ID[len("id"):], "name": deed.Actor.Name, "subject": deed.Subject, "reason": deed.Reason, "detail": deed.Detail,
		} {
			if got != want {
				t.Errorf("the %s %q becomes %q, want %q", what, sent, got, want)
			}
		}
		token, _, err := store.Grant{Account: 1, Name: sent}.Token(time.Now())
		if err != nil || token.Name != want {
			t.Errorf("a token's name %q becomes %q, want %q (%v)", sent, token.Name, want, err)
		}
	}
}
