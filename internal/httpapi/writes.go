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
	conversion, err := wire.Decode(ledger.KindConversion, c.params, env, c.reference.Account)
	if err != nil {
		return err
	}
	return c.accept(conversion)
}

func (c *call) putAction() error {
	if err := c.addFromPath(map[string]string{"action": "ActionId", "sku": "Sku"}); err != nil {
		return err
	}
	modification, err := wire.Decode(ledger.KindModification, c.params, c.env(), c.reference.Account)
	if err != nil {
		return err
	}
	return c.accept(modification)
}

func (c *call) deleteAction() error {
	reversal, err := wire.Decode(ledger.KindReversal, c.params, c.env(), c.reference.Account)
	if err != nil {
		return err
	}
	return c.accept(reversal)
}

// addFromPath adds the values of wildcards in the path to the parameters. names maps each
// wildcard to the name of its parameter.
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

// env returns the environment for decoding the parameters.
func (c *call) env() wire.Env {
	return wire.Env{
		Now: c.now, Zone: c.reference.Zone(), NewOrderID: rand.Text,
		AllowDryRun: true, DocumentedLimits: c.api.documentedLimits,
	}
}

// accept accepts the command and writes a QUEUED response once it is durable. In a dry run
// it writes a preview.
func (c *call) accept(command ledger.Command) error {
	if c.dryRun {
		return c.preview(command)
	}
	s, err := c.api.ingest.Accept(c.r.Context(), c.token.Account, store.Submission{
		Submission: ledger.Submission{Command: command}, Payload: c.params.Payload(), Key: c.key,
	})
	if err != nil {
		return err
	}
	return c.writeQueued(s)
}
