package flags

import (
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/trueup-ledger/trueup/internal/forwarded"
	"github.com/trueup-ledger/trueup/internal/webhook"
)

// Webhooks holds the flags that select the addresses to which event notifications may be sent.
type Webhooks struct {
	WebhookAllow []string `env:"TRUEUP_WEBHOOK_ALLOW" placeholder:"CIDR,…" help:"Networks to which event notifications may be sent although they are not public (default: none)."`
	WebhookProxy string   `env:"TRUEUP_WEBHOOK_PROXY" secret:"" placeholder:"URL" help:"Proxy for all event notifications, such as http://proxy:3128. It decides which addresses they reach."`
}

// Options returns the options that the flags select.
func (w Webhooks) Options() (o webhook.Options, err error) {
	if o.Allowed, err = forwarded.ParseNetworks(w.WebhookAllow); err != nil {
		return o, fmt.Errorf("--webhook-allow: %w", err)
	}
	if w.WebhookProxy == "" {
		return o, nil
	}
	if len(o.Allowed) > 0 {
		return o, errors.New("--webhook-allow and --webhook-proxy: set one of them, because the proxy decides which addresses it reaches")
	}
	o.Proxy, err = url.Parse(w.WebhookProxy)
	if err != nil || o.Proxy.Host == "" || !slices.Contains([]string{"http", "https", "socks5"}, o.Proxy.Scheme) {
		return o, errors.New("--webhook-proxy: must be a URL such as http://proxy:3128 or socks5://proxy:1080") // it may hold a password
	}
	return o, nil
}
