package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/trueup-ledger/trueup/internal/bench"
)

type benchCommand struct {
	dataFlag
	benchTarget
	Scenario      bench.Scenario `enum:"modify,mixed,hot,deep,import" default:"modify" help:"What is sent: modify (items by chance), mixed (conversions, modifications, reversals, reads as 10:60:5:25), hot (all on one action), deep (--depth on an action, one after another) or import (files) (default: ${default})."`
	Depth         int            `default:"1000" placeholder:"N" help:"With --scenario deep: modifications of each action (default: ${default})."`
	Rate          float64        `placeholder:"N" help:"Requests a second that are due whatever became of those before (default: as many as are answered)."`
	Actions       int            `default:"50000" help:"Actions stored before the load begins (default: ${default}); with --url, at most so many are loaded."`
	Newest        int            `placeholder:"N" help:"Change items of the newest actions of each account only (default: of all)."`
	Accounts      int            `default:"1" help:"Accounts over which the load is spread (default: ${default})."`
	Connections   int            `default:"64" help:"Connections that send at once (default: ${default})."`
	Duration      time.Duration  `default:"15s" help:"How long the load lasts (default: ${default})."`
	Modifications int64          `placeholder:"N" help:"End after so many requests, or rows of files, in place of --duration."`
	WarmUp        int64          `placeholder:"N" help:"Modifications that are sent and take effect before the measuring begins."`
	Processes     int            `default:"1" help:"Servers of the one database, with --store (default: ${default})."`
	Routed        bool           `help:"With --processes: send an account's requests to one server, as a balancer that looks at the path does (default: to all)."`
	Keep          bool           `help:"With --store: keep the database that was filled, and tell its name."`
	Reuse         bool           `help:"Load the store at --data or --store, which an earlier run filled with as many --actions and --accounts and kept."`
	Floor         time.Duration  `default:"15s" help:"For how long at most the engine alone writes what the run wrote; 0s for not at all (default: ${default})."`
	JSON          bool           `help:"Print the report as JSON."`
}

// benchTarget are the flags of a server that runs already.
type benchTarget struct {
	URL        string `name:"url" placeholder:"URL" help:"Load the server that runs there, by changing pending actions of the account, in place of a new store."`
	AccountSID string `name:"account-sid" env:"TRUEUP_SID" placeholder:"SID" help:"With --url: the token's SID."`
	AuthToken  string `name:"auth-token" env:"TRUEUP_TOKEN" placeholder:"SECRET" help:"With --url: the token's secret."`
	PID        int    `name:"pid" placeholder:"PID" help:"With --url: the server's process on this machine, for its CPU and memory."`
}

// check refuses flags that are out of bounds or do nothing together.
func (c benchCommand) check() error {
	for _, f := range []struct {
		name            string
		is, least, most float64
	}{
		{"--rate", c.Rate, 0, 100_000},
		{"--actions", float64(c.Actions), 1, 100_000_000},
		{"--newest", float64(c.Newest), 0, 100_000_000},
		{"--accounts", float64(c.Accounts), 1, 10_000},
		{"--connections", float64(c.Connections), 1, 10_000},
		{"--duration in seconds", c.Duration.Seconds(), 0.001, 86_400},
		{"--modifications", float64(c.Modifications), 0, 1e9},
		{"--depth", float64(c.Depth), bench.MinDepth, 1e6},
		{"--warm-up", float64(c.WarmUp), 0, 1e9},
		{"--processes", float64(c.Processes), 1, 64},
		{"--floor in seconds", c.Floor.Seconds(), 0, 3_600},
		{"--pid", float64(c.PID), 0, 1 << 31},
	} {
		if !(f.is >= f.least && f.is <= f.most) { // NaN is neither
			return fmt.Errorf("%s: must be from %v to %.0f", f.name, f.least, f.most)
		}
	}
	switch {
	case c.Newest > 0 && c.URL != "":
		return errors.New("--newest is of a store of bench's own, not of --url")
	case c.Accounts > c.Actions:
		return fmt.Errorf("--accounts %d: there are fewer --actions", c.Accounts)
	case c.Accounts > 1 && (c.Scenario == bench.Hot || c.URL != ""):
		return fmt.Errorf("--accounts %d: --scenario hot and --url load one account", c.Accounts)
	case c.Rate > 0 && c.Scenario == bench.Import:
		return errors.New("--rate: files of --scenario import are handed in one after another")
	case c.Processes > 1 && c.Store == "":
		return fmt.Errorf("--processes %d: several need a database, which --store names", c.Processes)
	case c.Routed && (c.Processes < 2 || min(c.Accounts, c.Connections) < c.Processes):
		return errors.New("--routed needs several --processes, and --accounts and --connections for each of them")
	case c.Routed && (c.Scenario == bench.Deep || c.Scenario == bench.Import):
		return fmt.Errorf("--routed does nothing with --scenario %s", c.Scenario)
	case c.Keep && c.Reuse:
		return errors.New("--keep: what is there for --reuse is kept")
	case c.Keep && c.Store == "":
		return errors.New("--keep does something with --store only: a folder that --data names is kept")
	case c.Reuse && c.Store == "" && c.Data == "":
		return errors.New("--reuse: say with --data or --store what an earlier run filled")
	case c.URL == "" && c.PID != 0:
		return errors.New("--pid does something with --url only")
	case c.URL != "" && (c.Data != "" || c.Store != ""):
		return errors.New("--url is another server than that of --data or --store: give one")
	case c.URL != "" && (c.AccountSID == "" || c.AuthToken == ""):
		return errors.New("--url needs --account-sid and --auth-token, or TRUEUP_SID and TRUEUP_TOKEN")
	}
	return nil
}
