package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/demo"
)

func TestSection07A404SaysWhetherThePathOrTheObjectIsMissing(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.action(t, demo.ExampleOrder)
	mine := "/Advertisers/" + s.sid
	for name, c := range map[string]struct{ method, path, want string }{
		"an action":                     {"GET", mine + "/Actions/1000.2240.999999", `There is no action "1000.2240.999999"`},
		"an invalid ActionId":           {"GET", mine + "/Actions/7.json", `There is no action "7"`},
		"an item":                       {"GET", mine + "/Actions/" + action + "/Items/a%2Fb", `There is no item "a/b" of action "` + action + `"`},
		"an update":                     {"GET", mine + "/ActionUpdates/1000.2240.1.999999", `There is no update "1000.2240.1.999999"`},
		"a submission":                  {"GET", mine + "/APISubmissions/A-1", `There is no submission "A-1"`},
		"a submission to undo":          {"POST", mine + "/APISubmissions/A-1/Undo", `There is no submission "A-1"`},
		"a file":                        {"GET", mine + "/FTPFileSubmissions/F-1/ErrorDetails/7", `There is no row "7" of file "F-1"`},
		"a campaign":                    {"GET", mine + "/Campaigns/77/Contracts", `There is no campaign "77"`},
		"a long id":                     {"GET", mine + "/APISubmissions/" + strings.Repeat("x", 100), strings.Repeat("x", 64) + `..."`},
		"an inquiry named in a field":   {"PUT", mine + "/ActionInquiries?Id=99&ResolutionStatus=INCOMPLETE", "There is no inquiry 99"},
		"a misspelled collection":       {"GET", mine + "/ActionUpdate", "There is no such path: did you mean " + mine + "/ActionUpdates?"},
		"another letter case":           {"GET", mine + "/actions", "did you mean " + mine + "/Actions?"},
		"a misspelled part behind ids":  {"GET", mine + "/Actions/" + action + "/Item", "did you mean " + mine + "/Actions/" + action + "/Items?"},
		"a path that resembles nothing": {"GET", mine + "/Weather", "There is no such path: the OpenAPI document lists all paths"},
		"an empty segment":              {"GET", mine + "/Actions/", "There is no such path"},
		"another root":                  {"GET", "/v2/Actions", "There is no such path: paths begin with /Advertisers/ and the AccountSID"},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.request(c.method, "", "", "")
			base, query, _ := strings.Cut(c.path, "?")
			request, err := http.NewRequestWithContext(t.Context(), c.method, "http://trueup.example"+base, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			request.URL.RawQuery, request.Header = query, r.Header
			w := s.do(request)
			if want := strings.ReplaceAll(c.want, `"`, `\"`); w.Code != 404 || !strings.Contains(w.Body.String(), want) {
				t.Errorf("%d %s, want %s", w.Code, w.Body, want)
			}
		})
	}
}

func TestSection07TheMessageTellsMissingFromWrongCredentials(t *testing.T) {
	t.Parallel()
	s := serve(t)
	const wrong = "The AccountSID or the AuthToken is wrong, or the token has expired"
	for name, c := range map[string]struct{ header, user, secret, want string }{
		"none":              {"", "", "", "No credentials: send the AccountSID as user"},
		"another scheme":    {"Bearer x", "", "", "No credentials: send the AccountSID as user"},
		"a wrong AuthToken": {"", s.sid, "x", wrong},
		"an unknown SID":    {"", "IRnobody", s.secret, wrong},
		"no AuthToken":      {"", s.sid, "", wrong},
	} {
		t.Run(name, func(t *testing.T) {
			r := s.request("GET", "/Actions", "", "")
			r.Header.Del("Authorization")
			if c.header != "" {
				r.Header.Set("Authorization", c.header)
			} else if c.user != "" {
				r.SetBasicAuth(c.user, c.secret)
			}
			if w := s.do(r); w.Code != 401 || !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("%d %s, want %s", w.Code, w.Body, c.want)
			}
		})
	}
}
