package admin_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"testing"
)

func TestCollectionsAreAsTheyWereSent(t *testing.T) {
	c, ctx := connect(t), t.Context()
	all := take(t, c.Collection(ctx, "/accounts/1/balances", "balances", nil), 99)
	if len(all) < 4 {
		t.Fatalf("there are %d balances", len(all))
	}
	query := url.Values{"limit": {"2"}, "page": {"2"}}
	rest := take(t, c.Collection(ctx, "/accounts/1/balances", "balances", query), 99)
	if len(rest) != len(all)-2 || !bytes.Equal(rest[0], all[2]) || query.Get("page") != "2" {
		t.Errorf("from page 2 on there are %d of %d balances, the first is %s; the query is now %v", len(rest), len(all), rest[0], query)
	}
	var balance struct{ Partner int }
	if err := json.Unmarshal(all[0], &balance); err != nil {
		t.Fatal(err)
	}
	one, err := c.Object(ctx, "/accounts/1/balances/"+strconv.Itoa(balance.Partner))
	if err != nil || !bytes.Equal(bytes.TrimSpace(one), all[0]) {
		t.Errorf("the balance is %s, %v, want %s", one, err, all[0])
	}
	for _, err := range c.Collection(ctx, "/accounts/1/balances", "balances", url.Values{"page": {"x"}}) {
		if !isStatus(err, http.StatusBadRequest, "page") {
			t.Errorf("an invalid page: %v", err)
		}
	}
}
