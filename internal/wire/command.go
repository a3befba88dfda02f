package wire

import (
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Decode decodes and validates a request to submit a command of the kind. The error is
// an [*Error] with every malformed parameter, or a [*ledger.Rejection]. Every submission
// that comes from outside is decoded here.
func Decode(kind ledger.Kind, p *Params, env Env, account program.Account) (ledger.Command, error) {
	switch kind {
	case ledger.KindModification:
		return DecodeModification(p, env) // reports the rejections as malformed parameters
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
