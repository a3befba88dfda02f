package notfound_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/trueup-ledger/trueup/internal/httpapi/notfound"
)

func TestAMissingObjectIsNamed(t *testing.T) {
	const brand = "/Advertisers/{sid}"
	for pattern, c := range map[string]struct{ path, want string }{
		brand + "/Actions/{action}/Items/{sku}":                  {"/Advertisers/A/Actions/1.2.3/Items/WICK", `There is no item "WICK" of action "1.2.3"`},
		"/admin/v1/accounts/{account}/notifications/{id}/secret": {"/admin/v1/accounts/1/notifications/7/secret", `There is no notification "7" of account "1"`},
		"/admin/v1/accounts/{account}/event_types/{id}":          {"/admin/v1/accounts/1/event_types/9", `There is no event type "9" of account "1"`},
		"/admin/v1/tokens/{sid}/rotate":                          {"/admin/v1/tokens/X/rotate", `There is no token "X"`},
		"/admin/v1/apply":                                        {"/admin/v1/apply", "There is no such object as the request names"},
	} {
		mux := http.NewServeMux()
		mux.HandleFunc(pattern, func(_ http.ResponseWriter, r *http.Request) {
			if got := notfound.Object(r, brand).Message; got != c.want {
				t.Errorf("%s: got %q, want %q", pattern, got, c.want)
			}
		})
		mux.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, c.path, nil))
	}
}
