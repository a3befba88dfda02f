package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"time"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/faultinject"
	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/server"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/testclock"
)

// emulateFlags are the flags of serve and demo that configure the emulation.
type emulateFlags struct {
	Emulate bool    `env:"TRUEUP_EMULATE" help:"Enforce the documented limits of the Brand API and inject faults, to test a client."`
	Faults  string  `type:"existingfile" env:"TRUEUP_FAULTS" placeholder:"FILE" help:"With --emulate: fault rules, in YAML or JSON (docs/emulate.md)."`
	Seed    *uint64 `env:"TRUEUP_SEED" placeholder:"N" help:"With --emulate: seed that selects the requests of a fault's share (default: random)."`
	Clock   *string `env:"TRUEUP_CLOCK" placeholder:"TIME" help:"With --emulate: run on a test clock that stands at this time until it is moved (docs/emulate.md)."`
}

// emulationConfig holds the parsed flags.
type emulationConfig struct {
	emulate bool
	rules   []faultinject.Rule
	seed    uint64
	clock   *testclock.Clock
}

// config reads the flags and the fault rules.
func (e emulateFlags) config() (c emulationConfig, err error) {
	c = emulationConfig{emulate: e.Emulate, seed: rand.Uint64()}
	if !e.Emulate {
		if e.Faults != "" || e.Seed != nil || e.Clock != nil {
			err = cli.Usage("--faults, --seed and --clock need --emulate")
		}
		return c, err
	}
	if e.Seed != nil {
		c.seed = *e.Seed
	}
	if e.Clock != nil {
		if c.clock, err = cli.NewTestClock(*e.Clock); err != nil {
			return c, err
		}
	}
	if e.Faults == "" {
		return c, nil
	}
	text, err := output.ReadFile(e.Faults, refdata.MaxSize)
	if err != nil {
		return c, err
	}
	c.rules, err = faultinject.Parse(filepath.Base(e.Faults), text)
	return c, err
}

// now returns the function that returns the time of the clock.
func (c emulationConfig) now() func() time.Time {
	if c.clock == nil {
		return time.Now
	}
	return c.clock.Now
}

// start returns the emulation for a server on the store, or nil. A test clock moves to the
// newest instant of the store if that is later.
func (c emulationConfig) start(ctx context.Context, st store.Clock, s cli.Streams) (*server.Emulation, error) {
	if !c.emulate {
		return nil, nil //nolint:nilnil // no emulation
	}
	if c.clock != nil {
		newest, err := st.NewestInstant(ctx)
		if err != nil {
			return nil, err
		}
		moved, err := c.clock.CatchUp(newest)
		if err != nil {
			return nil, fmt.Errorf("the newest record in the store is of %s: %w", newest.Format(time.RFC3339), err)
		}
		s.Logger().Info("running on a test clock", "clock", c.clock.Now(), "moved_to_newest_record", moved)
	}
	injector := faultinject.New(c.seed, c.now())
	injector.Set(c.rules)
	s.Logger().Info("emulating", "faults", len(c.rules), "seed", fmt.Sprint(c.seed))
	return &server.Emulation{Faults: injector.Request, Decide: injector.Decide, Clock: c.clock, Admin: injector.Routes(s.Logger())}, nil
}
