package server_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/internal/bridge/platform"
	"github.com/trueup-ledger/trueup/internal/clockguard"
	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/server"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/storetest"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

const bridgeSecret = "whsec_0123456789abcdef"

// shopFile has a bridge of each platform. Partner 10 has the promo code TENOFF, and gets 5 %.
const shopFile = `
accounts:
  - id: 1
    name: Shop
    currency: USD
    zone: UTC
    campaigns: [{id: 1000, name: All}]
    event_types: [{id: 2240, campaign: 1000, name: Sale, code: SALE}]
    partners: [{id: 10, name: Blog}]
    promo_codes: [{campaign: 1000, code: TENOFF, partner: 10}]
    contracts:
      - {id: 77, campaign: 1000, partner: 10, start: 2020-01-01, terms: [{event_type: 2240, level: ITEM, default: {rate: 5}, locking: {days: 36500}}]}
    rate_tables: [{date: 2026-01-10, base: EUR, rates: {USD: 1.25}}]
    bridges:
      - {id: 1, platform: shopify, secret: whsec_0123456789abcdef, campaign: 1000, event_type: 2240}
      - {id: 2, platform: woocommerce, secret: whsec_0123456789abcdef, campaign: 1000, event_type: 2240}
      - {id: 3, platform: stripe, secret: whsec_0123456789abcdef, campaign: 1000, event_type: 2240}
      - {id: 4, platform: stripe, secret: whsec_0123456789abcdef, campaign: 1000, event_type: 2240, state: PAUSED}
`

// shop is a running server with bridges.
type shop struct {
	*testing.T
	store *sqlstore.Store
	url   string
	now   time.Time
}

// onEachStore runs a test with a server on each kind of database.
func onEachStore(t *testing.T, test func(s *shop)) {
	t.Helper()
	for name, open := range map[string]func(t *testing.T) (*sqlstore.Store, error){
		"SQLite": func(t *testing.T) (*sqlstore.Store, error) { return sqlstore.OpenSQLite(t.Context(), t.TempDir()) },
		"PostgreSQL": func(t *testing.T) (*sqlstore.Store, error) {
			return sqlstore.OpenPostgres(t.Context(), pgtest.Schema(t))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st, err := open(t)
			if err != nil {
				t.Fatal(err)
			}
			test(serveShop(t, st))
		})
	}
}

func serveShop(t *testing.T, st *sqlstore.Store) *shop {
	t.Helper()
	s := &shop{T: t, store: st, now: time.Now()}
	file, err := refdata.Parse("shop.yaml", []byte(shopFile))
	if err == nil {
		_, err = file.Record(t.Context(), st, s.now, store.AuditEvent{Actor: store.Actor{Source: store.SourceCommand, ID: "test"}, Operation: store.OperationRecord, At: s.now})
	}
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	ctx, stop := context.WithCancel(t.Context())
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- server.Run(ctx, server.Config{
			Store: st.Roles(), Listen: "127.0.0.1:0", Log: log, Clock: clockguard.New(time.Time{}, log),
			Bridges: program.Platforms, Ready: func(url, _ string) { ready <- url },
		})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := storetest.Verify(context.Background(), st); err != nil {
			t.Error(err)
		}
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	s.url = <-ready
	return s
}

// webhook is a webhook of bridge 1, 2 or 3, or of another one in place of it.
type webhook struct {
	bridge int
	topic  string
	body   string
}

func golden(t *testing.T, name string, replace ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../bridge/platform/testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(string(text), replace[i]) {
			t.Fatalf("%s has no %s", name, replace[i])
		}
	}
	return strings.NewReplacer(replace...).Replace(string(text))
}

func signature(secret string, parts ...string) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	for _, part := range parts {
		h.Write([]byte(part))
	}
	return h.Sum(nil)
}

// request returns the signed request of a webhook.
func (s *shop) request(w webhook, secret string, at time.Time) *http.Request {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), http.MethodPost, fmt.Sprintf("%s/bridges/1/%d", s.url, w.bridge), strings.NewReader(w.body))
	if err != nil {
		s.Fatal(err)
	}
	inBase64 := base64.StdEncoding.EncodeToString(signature(secret, w.body))
	seconds := fmt.Sprint(at.Unix())
	r.Header = http.Header{
		"Content-Type":    {"application/json"},
		"X-Shopify-Topic": {w.topic}, "X-Shopify-Hmac-Sha256": {inBase64}, "X-Shopify-Webhook-Id": {"b54557e4"},
		"Stripe-Signature": {"t=" + seconds + ",v1=" + hex.EncodeToString(signature(secret, seconds, ".", w.body))},
	}
	r.Header.Set("X-WC-Webhook-Topic", w.topic)
	r.Header.Set("X-WC-Webhook-Signature", inBase64)
	r.Header.Set("X-WC-Webhook-Delivery-ID", "36e520eb")
	return r
}

// send sends a request and returns the status and the body of the response.
func (s *shop) send(r *http.Request) (status int, text string) {
	s.Helper()
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// deliver sends a webhook, which must be stored.
func (s *shop) deliver(w webhook) string {
	s.Helper()
	status, text := s.send(s.request(w, bridgeSecret, time.Now()))
	if status != http.StatusOK {
		s.Fatalf("status %d: %s", status, text)
	}
	return text
}

// action returns the state, amount, payout and items of the action of the order, or "none".
func (s *shop) action(order string) string {
	s.Helper()
	for queued := []int64{1}; len(queued) > 0; {
		var err error
		if queued, err = s.store.QueuedAccounts(s.Context()); err != nil {
			s.Fatal(err)
		}
	}
	result := "none"
	err := s.store.Read(s.Context(), 1, func(r store.Reader) error {
		_, actions, err := r.Actions(search.ActionFilter{Order: order}, search.Page{Size: 10, Number: 1})
		if err != nil {
			return err
		}
		for found, err := range actions {
			if err != nil {
				return err
			}
			a, err := r.Action(found.ID)
			if err != nil {
				return err
			}
			usd := money.Currency("USD")
			result = fmt.Sprint(a.State(s.now), " ", usd.Format(a.Amount), " ", usd.Format(a.Payout))
			for _, item := range a.Items {
				result += fmt.Sprint("; ", item.SKU, " ", item.Quantity, " ", usd.Format(item.Amount))
			}
		}
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	return result
}

// failed returns the number of submissions that failed.
func (s *shop) failed() (total int) {
	s.Helper()
	failed := true
	err := s.store.Read(s.Context(), 1, func(r store.Reader) error {
		info, _, err := r.Submissions(search.SubmissionFilter{Failed: &failed}, search.Page{Size: 10, Number: 1})
		total = info.Total
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	return total
}

func TestWebhooksMakeTheActionRightToTheCent(t *testing.T) {
	const shopifyID, wooID, stripeID = "450789469", "727", "pi_3MtwBwLkdIwHu7ix28a3tqPa"
	order := webhook{1, "orders/create", golden(t, "shopify-order")}
	refund := webhook{1, "refunds/create", golden(t, "shopify-refund")}
	goodwill := webhook{1, "refunds/create", golden(t, "shopify-goodwill")}
	updated := func(replace ...string) webhook {
		replace = append(replace, `"updated_at":"2026-01-10T11:00:00`, `"updated_at":"2026-01-14T11:00:00`)
		return webhook{1, "orders/updated", golden(t, "shopify-order", replace...)}
	}
	rest := webhook{1, "refunds/create", golden(t, "shopify-refund", `"id":509562969`, `"id":509562970`, `"line_item_id":703073504`, `"line_item_id":466157049`,
		`"subtotal":195.67`, `"subtotal":195.66`)}
	last := webhook{1, "refunds/create", golden(t, "shopify-refund", `"id":509562969`, `"id":509562971`, `"line_item_id":703073504`, `"line_item_id":518995019`)}

	wooOrder := webhook{2, "order.created", golden(t, "woocommerce-order")}
	wooAt := func(second int, replace ...string) webhook {
		replace = append(replace, `"date_modified_gmt":"2026-01-10T19:28:08"`, fmt.Sprintf(`"date_modified_gmt":"2026-01-10T19:29:%02d"`, second))
		return webhook{2, "order.updated", golden(t, "woocommerce-order", replace...)}
	}
	const wooLineRefund = `{"id":724,"reason":"","total":"-3.22","line_items":[{"id":320,"quantity":-1,"total":"-3.00","meta_data":[{"key":"_refunded_item_id","value":"315"}]}]}`
	wooLine := wooAt(1, `"refunds":[]`, `"refunds":[`+wooLineRefund+`]`)
	wooShare := wooAt(2, `"refunds":[]`, `"refunds":[{"id":725,"reason":"","total":"-2.94"},{"id":726,"reason":"","total":"-2.93"}]`)

	session := webhook{3, "", golden(t, "stripe-session")}
	intent := webhook{3, "", golden(t, "stripe-intent")}
	stripeRefund := webhook{3, "", golden(t, "stripe-refund")}
	second := webhook{3, "", golden(t, "stripe-refund", "re_1Nispe2eZvKYlo2Cd31jOCgZ", "re_2", `"amount":1000`, `"amount":1773`)}
	failed := webhook{3, "", golden(t, "stripe-refund", "refund.created", "refund.failed", `"status":"succeeded"`, `"status":"failed"`)}
	charge := webhook{3, "", golden(t, "stripe-charge")}
	euros := webhook{3, "", golden(t, "stripe-session", `"usd"`, `"eur"`)}
	euroRefund := webhook{3, "", golden(t, "stripe-refund", `"usd"`, `"eur"`)}

	const placed = "PENDING 587.00 29.34; IPOD2008GREEN 1 195.66; IPOD2008RED 1 195.67; IPOD2008BLACK 1 195.67"
	const returned = "PENDING 391.33 19.56; IPOD2008GREEN 1 195.66; IPOD2008RED 1 195.67; IPOD2008BLACK 0 0.00"
	const sorry = "PENDING 381.60 19.08; IPOD2008GREEN 1 190.80; IPOD2008RED 1 190.80; IPOD2008BLACK 0 0.00"
	const reversed = "REVERSED 0.00 0.00; IPOD2008GREEN 0 0.00; IPOD2008RED 0 0.00; IPOD2008BLACK 0 0.00"
	tests := []struct {
		name  string
		order string
		sent  []webhook
		want  string
	}{
		{"Shopify: an order", shopifyID, []webhook{order}, placed},
		{"Shopify: an order that is not paid", shopifyID, []webhook{updated(`"financial_status":"paid"`, `"financial_status":"pending"`)}, "none"},
		{"Shopify: an order that becomes paid", shopifyID, []webhook{{1, "orders/create", golden(t, "shopify-order", `"financial_status":"paid"`, `"financial_status":"pending"`)}, updated()}, placed},
		{"Shopify: an order twice", shopifyID, []webhook{order, order}, placed},
		{"Shopify: a partial refund", shopifyID, []webhook{order, refund}, returned},
		{"Shopify: a partial refund twice", shopifyID, []webhook{order, refund, refund}, returned},
		{"Shopify: a refund before its order", shopifyID, []webhook{refund, order}, returned},
		{"Shopify: a refund alone and in the order", shopifyID, []webhook{order, refund, updated(`"refunds":[]`, `"refunds":[`+refund.body+`]`)}, returned},
		{"Shopify: an older order after a newer one", shopifyID, []webhook{updated(`"refunds":[]`, `"refunds":[`+refund.body+`]`), order}, returned},
		{"Shopify: a refund without lines", shopifyID, []webhook{order, refund, goodwill}, sorry},
		{"Shopify: a refund without lines, out of order", shopifyID, []webhook{goodwill, refund, order, goodwill}, sorry},
		{"Shopify: a full refund in parts", shopifyID, []webhook{order, last, refund, goodwill, rest}, reversed},
		{"Shopify: a cancellation", shopifyID, []webhook{order, updated(`"cancelled_at":null`, `"cancelled_at":"2026-01-14T11:00:00-05:00"`)}, reversed},
		{"Shopify: a refund after the cancellation", shopifyID, []webhook{order, updated(`"cancelled_at":null`, `"cancelled_at":"2026-01-14T11:00:00-05:00"`), refund}, reversed},

		{"WooCommerce: an order", wooID, []webhook{wooOrder}, "PENDING 18.00 0.90; 93 2 6.00; Bar3 1 12.00"},
		{"WooCommerce: an order that becomes paid", wooID, []webhook{wooAt(0, "processing", "pending"), wooAt(1)}, "PENDING 18.00 0.90; 93 2 6.00; Bar3 1 12.00"},
		{"WooCommerce: an order that is not paid", wooID, []webhook{wooAt(0, "processing", "pending")}, "none"},
		{"WooCommerce: a refund of a line", wooID, []webhook{wooOrder, wooLine, wooLine}, "PENDING 15.00 0.75; 93 1 3.00; Bar3 1 12.00"},
		{"WooCommerce: a fifth of all that was paid", wooID, []webhook{wooOrder, wooShare}, "PENDING 14.40 0.72; 93 2 4.80; Bar3 1 9.60"},
		{"WooCommerce: a refund that was deleted", wooID, []webhook{wooOrder, wooShare, wooAt(3)}, "PENDING 18.00 0.90; 93 2 6.00; Bar3 1 12.00"},
		{"WooCommerce: out of order", wooID, []webhook{wooShare, wooLine, wooOrder}, "PENDING 14.40 0.72; 93 2 4.80; Bar3 1 9.60"},
		{"WooCommerce: a full refund", wooID, []webhook{wooOrder, wooShare, wooAt(4, "processing", "refunded")}, "REVERSED 0.00 0.00; 93 0 0.00; Bar3 0 0.00"},
		{"WooCommerce: all that was paid", wooID, []webhook{wooOrder, wooAt(4, `"refunds":[]`, `"refunds":[{"id":9,"total":"-29.35"}]`)}, "REVERSED 0.00 0.00; 93 0 0.00; Bar3 0 0.00"},
		{"WooCommerce: all that was paid, in a line and an amount", wooID, []webhook{wooOrder, wooAt(4, `"refunds":[]`, `"refunds":[`+strings.Replace(wooLineRefund, "-3.22", "-13.22", 1)+`,{"id":9,"total":"-16.13"}]`)}, "REVERSED 0.00 0.00; 93 0 0.00; Bar3 0 0.00"},
		{"WooCommerce: a cancellation that is taken back", wooID, []webhook{wooOrder, wooAt(4, "processing", "cancelled"), wooAt(5)}, "PENDING 18.00 0.90; 93 2 6.00; Bar3 1 12.00"},

		{"Stripe: an order", stripeID, []webhook{session}, "PENDING 21.98 1.10; ORDER 1 21.98"},
		{"Stripe: a session after its payment intent", stripeID, []webhook{intent, session}, "PENDING 21.98 1.10; ORDER 1 21.98"},
		{"Stripe: a payment intent after its session", stripeID, []webhook{session, intent}, "PENDING 21.98 1.10; ORDER 1 21.98"},
		{"Stripe: a partial refund", stripeID, []webhook{session, stripeRefund}, "PENDING 14.05 0.70; ORDER 1 14.05"},
		{"Stripe: a refund before its order, twice", stripeID, []webhook{stripeRefund, stripeRefund, session}, "PENDING 14.05 0.70; ORDER 1 14.05"},
		{"Stripe: a refund and its charge", stripeID, []webhook{session, charge, stripeRefund}, "PENDING 14.05 0.70; ORDER 1 14.05"},
		{"Stripe: a refunded charge alone", stripeID, []webhook{charge, session}, "PENDING 14.05 0.70; ORDER 1 14.05"},
		{"Stripe: a full refund in two parts", stripeID, []webhook{session, second, stripeRefund}, "REVERSED 0.00 0.00; ORDER 0 0.00"},
		{"Stripe: a refund that failed", stripeID, []webhook{session, failed, stripeRefund}, "PENDING 21.98 1.10; ORDER 1 21.98"},
		{"Stripe: a refund that failed, and its charge", stripeID, []webhook{session, charge, stripeRefund, failed}, "PENDING 21.98 1.10; ORDER 1 21.98"},
		{"Stripe: another currency", stripeID, []webhook{euros}, "PENDING 27.48 1.37; ORDER 1 27.48"},
		{"Stripe: a refund in another currency", stripeID, []webhook{euroRefund, euros}, "PENDING 17.56 0.88; ORDER 1 17.56"},
	}
	onEachStore(t, func(s *shop) {
		for i, test := range tests { // each with an order of its own
			order := strings.Replace(test.order, "7", fmt.Sprint(7000+i), 1)
			own := strings.NewReplacer(shopifyID, strings.Replace(shopifyID, "7", fmt.Sprint(7000+i), 1),
				`"id":`+wooID, `"id":`+strings.Replace(wooID, "7", fmt.Sprint(7000+i), 1), stripeID, strings.Replace(stripeID, "7", fmt.Sprint(7000+i), 1))
			for _, w := range test.sent {
				w.body = own.Replace(w.body)
				s.deliver(w)
			}
			if got := s.action(order); got != test.want {
				s.Errorf("%s: the action is %s, want %s", test.name, got, test.want)
			}
		}
		if n := s.failed(); n > 0 {
			s.Errorf("%d submissions failed", n)
		}
	})
}

func TestWebhooksAreCheckedAndKept(t *testing.T) {
	onEachStore(t, func(s *shop) {
		refund := webhook{1, "refunds/create", golden(s.T, "shopify-refund")}
		session := webhook{3, "", golden(s.T, "stripe-session")}
		for _, test := range []struct {
			name string
			r    *http.Request
			want string
		}{
			{"another secret", s.request(refund, "another_secret_x", time.Now()), "401"},
			{"an old signature", s.request(session, bridgeSecret, time.Now().Add(-time.Hour)), "401"},
			{"no such bridge", s.request(webhook{9, "", "{}"}, bridgeSecret, time.Now()), "404"},
			{"a bridge that is not ACTIVE", s.request(webhook{4, "", "{}"}, bridgeSecret, time.Now()), "404"},
			{"a body that is too large", s.request(webhook{3, "", strings.Repeat(" ", platform.MaxBody+1)}, bridgeSecret, time.Now()), "413"},
			{"a test of the URL", s.request(webhook{2, "", "webhook_id=3"}, "", time.Now()), `200 {"status":"OK"}`},
			{"another topic", s.request(webhook{1, "products/update", "{}"}, bridgeSecret, time.Now()), `200 {"status":"IGNORED"`},
			{"a test order", s.request(webhook{1, "orders/create", golden(s.T, "shopify-order", `"test":false`, `"test":true`)}, bridgeSecret, time.Now()), `200 {"status":"IGNORED","message":"The order is a test`},
			{"a refund without an order", s.request(refund, bridgeSecret, time.Now()), `200 {"status":"WAITING","message":"The webhook of the order has not arrived.`},
			{"no JSON", s.request(webhook{1, "orders/create", "<order/>"}, bridgeSecret, time.Now()), `200 {"status":"UNUSABLE","message":"The body is not the JSON of the platform`},
			{"a NUL in an id", s.request(webhook{3, "", strings.ReplaceAll(session.body, "pi_3M", `\u0000`)}, bridgeSecret, time.Now()), `200 {"status":"UNUSABLE","message":"The id of the order has`},
			{"no promo code", s.request(webhook{3, "", strings.NewReplacer("TENOFF", "NEWS", "irclickid", "x").Replace(session.body)}, bridgeSecret, time.Now()), `200 {"status":"UNCREDITED"`},
			{"unknown fields", s.request(webhook{3, "", strings.Replace(session.body, `"mode"`, `"new":{"a":[1]},"mode"`, 1)}, bridgeSecret, time.Now()), `200 {"status":"SUBMITTED"}`},
		} {
			status, text := s.send(test.r)
			if got := fmt.Sprint(status, " ", text); !strings.HasPrefix(got, test.want) {
				s.Errorf("%s: %s, want %s", test.name, got, test.want)
			}
		}
		for state, want := range map[store.BridgeState]string{store.BridgeWaiting: "450789469", store.BridgeUnusable: "delivery b54557e4"} {
			orders, err := s.store.BridgeOrders(s.Context(), 1, 1, state, "", 10)
			if err != nil || len(orders) != 1 || orders[0].Order != want || orders[0].Reason == "" {
				s.Errorf("%s: %+v, error %v", state, orders, err)
			}
		}
	})
}
