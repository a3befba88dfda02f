package client_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/trueuptest"
)

// demo is the server of the examples and of the tests that do not start one of their own.
var demo *trueuptest.Server

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

// run runs the tests against a server, whose address and credentials are in the environment as
// for a user of the package.
func run(m *testing.M) (code int) {
	var err error
	if demo, err = trueuptest.Start(trueuptest.Options{}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	for name, value := range map[string]string{client.EnvURL: demo.URL, client.EnvSID: demo.SID, client.EnvToken: demo.Token} {
		if err := os.Setenv(name, value); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	code = max(code, m.Run())
	if err := demo.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	return code
}
