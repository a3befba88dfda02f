package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"time"

	"github.com/trueup-ledger/trueup/internal/faultinject"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/server"
)

// emulateFlags are of the commands that serve.
type emulateFlags struct {
	Emulate bool    `help:"Keep to the original's documented limits, and let things go wrong on demand: to test a client."`
	Faults  string  `type:"existingfile" placeholder:"FILE" help:"What goes wrong with --emulate, in YAML or JSON (docs/emulate.md)."`
	Seed    *uint64 `placeholder:"N" help:"Have --faults with a share strike the same requests each time (default: another each time)."`
}

// emulation answers what the flags ask for, nil if that is nothing.
func (e emulateFlags) emulation(s streams) (*server.Emulation, error) {
	if !e.Emulate {
		if e.Faults != "" || e.Seed != nil {
			return nil, errors.New("--faults and --seed do something with --emulate only")
		}
		return nil, nil //nolint:nilnil // nothing is emulated
	}
	seed := rand.Uint64()
	if e.Seed != nil {
		seed = *e.Seed
	}
	faults := faultinject.New(seed, time.Now)
	if e.Faults != "" {
		text, err := readUpTo(e.Faults, refdata.MaxSize)
		if err != nil {
			return nil, err
		}
		rules, err := faultinject.Parse(filepath.Base(e.Faults), text)
		if err != nil {
			return nil, err
		}
		faults.Set(rules)
	}
	s.logger().Info("emulating", "faults", len(faults.Rules()), "seed", fmt.Sprint(seed))
	return &server.Emulation{Faults: faults.Of, Decide: faults.Decide, Admin: faults.Routes(s.logger())}, nil
}
