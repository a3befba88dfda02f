package template_test

import "github.com/trueup-ledger/trueup/internal/wire/wiretest"

const sid = wiretest.SID

var now = wiretest.Now
