package query_test

import "github.com/trueup-ledger/trueup/internal/wire/wiretest"

var (
	now = wiretest.Now
	env = wiretest.Env
)
