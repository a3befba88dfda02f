package wire

import (
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Decode decodes and validates a request for a conversion, a modification or a reversal.
// The error is an [*Error] with every malformed parameter, or a [*rejection.Rejection].
func Decode(kind ledger.Kind, p *Params, env Env, account program.Account) (ledger.Command, error) {
	switch kind {
	case ledger.KindModification:
		return DecodeModification(p, env) // validates, and returns rejections as field errors
	case ledger.KindReversal:
		return DecodeReversal(p, env)
	default:
		c, err := DecodeConversion(p, env)
		if err != nil {
			return nil, err
		}
		if rejections := c.Validate(env.Now, account); len(rejections) > 0 {
			return nil, rejections[0]
		}
		return c, nil
	}
}
