package httpapi

import (
	"crypto/rand"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

func (c *call) postConversion() error {
	key, err := c.api.store.HashKey(c.r.Context(), c.token.Account)
	if err != nil {
		return err
	}
	env := c.env()
	env.HashIP = func(address string) string { return store.HashAddress(key, address) }
	conversion, err := wire.DecodeConversion(c.params, env)
	if err != nil {
		return err
	}
	if err := conversion.Check(c.now, c.reference.Account); err != nil {
		return err
	}
	return c.accept(conversion)
}

func (c *call) putAction() error {
	if err := c.addFromPath(map[string]string{"action": "ActionId", "sku": "Sku"}); err != nil {
		return err
	}
	modification, err := wire.DecodeModification(c.params, c.env())
	if err != nil {
		return err
	}
	return c.accept(modification)
}

func (c *call) deleteAction() error {
	reversal, err := wire.DecodeReversal(c.params, c.env())
	if err != nil {
		return err
	}
	return c.accept(reversal)
}

// addFromPath puts identifiers of the path among the parameters.
func (c *call) addFromPath(names map[string]string) error {
	for wildcard, name := range names {
		if value := c.r.PathValue(wildcard); value != "" {
			if err := c.params.Add(name, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// env is what decoding needs beside the request.
func (c *call) env() wire.Env {
	return wire.Env{
		Now: c.now, Zone: c.reference.Zone(), NewOrder: rand.Text,
		Previews: true, Documented: c.api.documented,
	}
}

// accept queues the command and answers QUEUED once it is on disk; in a dry run it
// only shows what the command would do.
func (c *call) accept(command ledger.Command) error {
	if c.dry {
		return c.preview(command)
	}
	s, err := c.api.intake.Accept(c.r.Context(), c.token.Account, store.Submission{
		Submission: ledger.Submission{Command: command}, Payload: c.params.Payload(), Key: c.key,
	})
	if err != nil {
		return err
	}
	return c.queued(s)
}
