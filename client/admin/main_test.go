package admin_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"sync/atomic"
	"testing"

	"github.com/trueup-ledger/trueup/client/admin"
	"github.com/trueup-ledger/trueup/internal/openapi/check"
	"github.com/trueup-ledger/trueup/trueuptest"
)

// demo is the server of the examples and of the tests that do not start one of their own.
var demo *trueuptest.Server

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

// run runs the tests against a server, whose address and credentials are in the environment as
// for a user of the package. A proxy checks all requests and responses against the OpenAPI document.
func run(m *testing.M) (code int) {
	var err error
	if demo, err = trueuptest.Start(trueuptest.Options{}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	checker, checkErr := check.ForProgram()
	target, err := url.Parse(demo.AdminURL)
	if err = errors.Join(checkErr, err); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	path := target.Path
	target.Path = ""
	var failed atomic.Bool
	proxy := httptest.NewServer(checker.Wrap(httputil.NewSingleHostReverseProxy(target), func(err error) {
		fmt.Fprintln(os.Stderr, "openapi:", err)
		failed.Store(true)
	}))
	for name, value := range map[string]string{admin.EnvURL: proxy.URL + path, admin.EnvSID: demo.AdminSID, admin.EnvToken: demo.AdminToken} {
		err = errors.Join(err, os.Setenv(name, value))
	}
	code = m.Run()
	proxy.Close()
	if err = errors.Join(err, demo.Close()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	if failed.Load() {
		code = 1
	}
	return code
}
