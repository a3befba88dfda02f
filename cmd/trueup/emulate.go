package main

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"time"

	"github.com/trueup-ledger/trueup/internal/faultinject"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/server"
)

// emulateFlags are the flags of serve and demo that configure the emulation.
type emulateFlags struct {
	Emulate bool    `help:"Enforce the documented limits of the Brand API and inject faults, to test a client."`
	Faults  string  `type:"existingfile" placeholder:"FILE" help:"With --emulate: fault rules, in YAML or JSON (docs/emulate.md)."`
	Seed    *uint64 `placeholder:"N" help:"With --emulate: seed that selects the requests of a fault's share (default: random)."`
}

// emulation returns the emulation that the flags configure, or nil.
func (e emulateFlags) emulation(s streams) (*server.Emulation, error) {
	if !e.Emulate {
		if e.Faults != "" || e.Seed != nil {
			return nil, usageError("--faults and --seed need --emulate")
		}
		return nil, nil //nolint:nilnil // no emulation
	}
	seed := rand.Uint64()
	if e.Seed != nil {
		seed = *e.Seed
	}
	injector := faultinject.New(seed, time.Now)
	if e.Faults != "" {
		text, err := readUpTo(e.Faults, refdata.MaxSize)
		if err != nil {
			return nil, err
		}
		rules, err := faultinject.Parse(filepath.Base(e.Faults), text)
		if err != nil {
			return nil, err
		}
		injector.Set(rules)
	}
	s.logger().Info("emulating", "faults", len(injector.Rules()), "seed", fmt.Sprint(seed))
	return &server.Emulation{Faults: injector.Request, Decide: injector.Decide, Admin: injector.Routes(s.logger())}, nil
}
