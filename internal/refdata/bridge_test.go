package refdata_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/refdata"
)

func TestErrorsOfBridgesNameTheKeyAndTheRemedy(t *testing.T) {
	const secret = "secret: shpss_0123456789"
	for name, c := range map[string]struct{ old, replacement, want string }{
		"a valid file":           {secret, secret, ""},
		"no partner":             {"event_type: 2240, partner: 10}", "event_type: 2240}", ""},
		"other names":            {"event_type: 2240, partner: 10}", "event_type: 2240, click: cid, promo_code: code}", ""},
		"an unknown platform":    {"platform: shopify", "platform: magento", "platform: Must be one of shopify, woocommerce, stripe"},
		"a new one, no secret":   {secret + ", ", "", "id: A new bridge needs the secret"},
		"a short secret":         {secret, "secret: hunter2", "secret: Has fewer than 16 characters: use the secret that the platform shows"},
		"an unknown partner":     {"event_type: 2240, partner: 10}", "event_type: 2240, partner: 11}", "partner: There is no partner 11"},
		"an unknown event type":  {"event_type: 2240, partner: 10}", "event_type: 2241}", "event_type: There is no event type 2241"},
		"an unknown campaign":    {secret + ", campaign: 1000", secret + ", campaign: 1001", "campaign: There is no campaign 1001"},
		"a click without a name": {"event_type: 2240, partner: 10}", `event_type: 2240, click: ""}`, "click: Must not be empty"},
	} {
		t.Run(name, func(t *testing.T) {
			text := corrupt(t, c.old, c.replacement)
			got := strings.Join(errorsOf(t, text), "\n")
			if got == "" {
				_, err := apply(t, open(t), text, loaded)
				got = textOf(err)
			}
			if (got == "") != (c.want == "") || !strings.Contains(got, c.want) || strings.Contains(got, "hunter2") {
				t.Errorf("%s, want %q", got, c.want)
			}
		})
	}
}

func TestEachWooCommerceShopNeedsAnEventType(t *testing.T) {
	const last = "event_type: 2240, partner: 10}\n"
	line := func(id, platform, eventType, state string) string {
		return fmt.Sprintf("      - {id: %s, platform: %s, secret: wc_0123456789abcd, campaign: 1000, event_type: %s, state: %s}\n", id, platform, eventType, state)
	}
	const conflict = "id: Has the event type of bridge"
	for name, c := range map[string]struct{ lines, want string }{
		"one shop":                       {line("9", "woocommerce", "2240", "ACTIVE"), ""},
		"two shops of one event type":    {line("9", "woocommerce", "2240", "ACTIVE") + line("10", "woocommerce", "2240", "ACTIVE"), conflict},
		"a shop after one that is ended": {line("9", "woocommerce", "2240", "ENDED") + line("10", "woocommerce", "2240", "ACTIVE"), conflict},
		"other platforms":                {line("9", "shopify", "2240", "ACTIVE") + line("10", "stripe", "2240", "ACTIVE"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := apply(t, open(t), corrupt(t, last, last+c.lines), loaded)
			if got := textOf(err); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
				t.Errorf("%s, want %q", got, c.want)
			}
		})
	}
	t.Run("one entry after another", func(t *testing.T) {
		st := open(t)
		if _, err := apply(t, st, valid, loaded); err != nil {
			t.Fatal(err)
		}
		const shop = "{platform: woocommerce, secret: wc_0123456789abcd, campaign: 1000, event_type: 2240}"
		for range 2 { // the second changes nothing
			if _, err := put(t, st, keyOf("bridges", "9"), shop); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := put(t, st, keyOf("bridges", "10"), shop); !strings.Contains(textOf(err), conflict+" 9") {
			t.Errorf("the error is %v", err)
		}
	})
}

func TestTheSecretOfABridgeIsKeptAndNotShown(t *testing.T) {
	st := open(t)
	if _, err := apply(t, st, valid, loaded); err != nil {
		t.Fatal(err)
	}
	key := keyOf("bridges", "8")
	secret := func() string {
		t.Helper()
		r, err := st.CurrentReference(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range []refdata.Key{key, keyOf("accounts", "1")} {
			entry, err := k.Get(r)
			if err != nil {
				t.Fatal(err)
			}
			if text, err := json.Marshal(entry); err != nil || strings.Contains(string(text), "secret") {
				t.Errorf("%s is shown (%v)", text, err)
			}
		}
		return r.Bridges[8].Secret
	}
	for _, step := range []struct{ put, want string }{
		{"{platform: shopify, campaign: 1000, event_type: 2240}", "shpss_0123456789"},
		{"{platform: shopify, campaign: 1000, event_type: 2240, secret: shpss_abcdefghijkl}", "shpss_abcdefghijkl"},
		{"{platform: shopify, campaign: 1000, event_type: 2240, state: ENDED}", "shpss_abcdefghijkl"},
	} {
		if _, err := put(t, st, key, step.put); err != nil {
			t.Fatal(err)
		}
		if got := secret(); got != step.want {
			t.Errorf("after %s the secret is %s, want %s", step.put, got, step.want)
		}
	}
	if _, err := put(t, st, key, "{platform: stripe, campaign: 1000, event_type: 2240}"); !strings.Contains(textOf(err), "id: Is of another platform or event type") {
		t.Errorf("another platform: %v", err)
	}
}
