package store_test

import (
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
)

func TestStoredTextIsValidInEveryDatabase(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "",
		"J\u00f6rg \U0001f9ea": "J\u00f6rg \U0001f9ea",
		"a\x00b\x00":           "ab",
		"J\xf6rg":              "J\uFFFDrg",
		"a\x00b\xff\xfe\x00c":  "ab\uFFFDc",
	} {
		if got := store.CleanText(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
		actor := store.Actor{Source: store.SourceCommand, ID: "id" + text, Name: text}
		event, err := store.AuditEvent{Actor: actor, Operation: "test", Reason: text}.Complete(1, time.Now(), text, text)
		if err != nil {
			t.Fatal(err)
		}
		for field, got := range map[string]string{
			"actor": event.Actor.ID[len("id"):], "name": event.Actor.Name, "subject": event.Subject, "reason": event.Reason, "detail": event.Detail,
		} {
			if got != want {
				t.Errorf("the %s %q becomes %q, want %q", field, text, got, want)
			}
		}
		token, _, err := store.TokenRequest{Account: 1, Name: text}.Issue(time.Now())
		if err != nil || token.Name != want {
			t.Errorf("a token's name %q becomes %q, want %q (%v)", text, token.Name, want, err)
		}
	}
}
