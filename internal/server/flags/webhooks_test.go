package flags_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/server/flags"
)

func TestWebhooksSelectTheAddressesThatAreReached(t *testing.T) {
	for name, c := range map[string]struct {
		flags      flags.Webhooks
		want, fail string
	}{
		"nothing is set": {want: "[] <nil>"},
		"a network and an address": {
			flags: flags.Webhooks{WebhookAllow: []string{"10.0.0.0/8", "::1"}}, want: "[10.0.0.0/8 ::1/128] <nil>",
		},
		"no network": {
			flags: flags.Webhooks{WebhookAllow: []string{"localhost"}},
			fail:  `--webhook-allow: "localhost" must be an address or a network such as 10.0.0.0/8`,
		},
		"a proxy": {flags: flags.Webhooks{WebhookProxy: "http://u:p@proxy:3128"}, want: "[] http://u:p@proxy:3128"},
		"a proxy and a network": {
			flags: flags.Webhooks{WebhookProxy: "http://proxy:3128", WebhookAllow: []string{"10.0.0.0/8"}},
			fail:  "--webhook-allow and --webhook-proxy: set one of them",
		},
		"a proxy without a scheme":     {flags: flags.Webhooks{WebhookProxy: "proxy:3128"}, fail: "--webhook-proxy: must be a URL"},
		"a proxy of an unknown scheme": {flags: flags.Webhooks{WebhookProxy: "ftp://u:hush@proxy"}, fail: "--webhook-proxy: must be a URL"},
		"a proxy that is no URL":       {flags: flags.Webhooks{WebhookProxy: "http://u:hush@[::1"}, fail: "--webhook-proxy: must be a URL"},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := c.flags.Options()
			if c.fail != "" {
				if err == nil || !strings.HasPrefix(err.Error(), c.fail) || strings.Contains(err.Error(), "hush") {
					t.Errorf("error %v, want %s", err, c.fail)
				}
				return
			}
			if got := fmt.Sprint(o.Allowed, " ", o.Proxy); err != nil || got != c.want {
				t.Errorf("%s, error %v, want %s", got, err, c.want)
			}
		})
	}
}
