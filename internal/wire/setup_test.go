package wire_test

import "github.com/trueup-ledger/trueup/internal/wire/wiretest"

const form = wiretest.Form

var (
	now = wiretest.Now
	env = wiretest.Env
)
