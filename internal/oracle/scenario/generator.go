package scenario

import (
	"iter"
	"time"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

// Generator writes submissions for an account, one after the other. Most of them
// suit the account as it is at the time.
type Generator struct {
	Choices
	Scenario

	// Memory is the account. The caller applies each submission to it.
	Memory *oracle.Memory

	// accepted and applied are the instants of the newest submission.
	accepted, applied time.Time
	number            int64
	// large reports that amounts may be near the limit.
	large bool
}

// NewGenerator returns a generator for a new account of the scenario.
func NewGenerator(c Choices, s Scenario) *Generator {
	g := &Generator{Choices: c, Scenario: s, Memory: oracle.NewMemory(s.History, s.Clicks)}
	g.accepted = s.Start.Add(g.minutes(6))
	g.applied, g.large = g.accepted, g.oneIn(12)
	return g
}

// Step is a submission and the instant at which it is applied.
type Step struct {
	ledger.Submission

	At time.Time
	// ModificationLimit, if not 0, is the limit that an operator gives the newest
	// action before the submission.
	ModificationLimit int
}

// Step returns the command as the account's next submission.
func (g *Generator) Step(command ledger.Command) Step {
	g.number++
	if at := g.accepted.Add(time.Duration(g.Choose(90)) * time.Minute); at.After(g.applied) {
		g.applied = at
	}
	return Step{Submission: ledger.Submission{Number: g.number, Accepted: g.accepted, Command: command}, At: g.applied}
}

// Steps yields conversions until one becomes an action, and then 1 to 12 commands.
func (g *Generator) Steps() iter.Seq[Step] {
	return func(yield func(Step) bool) {
		for range 8 {
			if !yield(g.stepWithLimit(g.Conversion())) {
				return
			}
			if len(g.Memory.Actions) > 0 {
				break
			}
		}
		for range g.between(1, 12) {
			g.Advance()
			if !yield(g.stepWithLimit(g.Command())) {
				return
			}
		}
	}
}

func (g *Generator) stepWithLimit(command ledger.Command) Step {
	limit := 0
	if len(g.Memory.Actions) > 0 && g.oneIn(20) {
		limit = g.between(1, 8)
	}
	s := g.Step(command)
	s.ModificationLimit = limit
	return s
}

// Advance moves the clock by nothing, minutes or days, or to an action's locking.
func (g *Generator) Advance() {
	switch g.Choose(12) {
	case 0, 1, 2, 3:
	case 4, 5, 6:
		g.accepted = g.accepted.Add(time.Duration(g.Choose(600)) * time.Second)
	case 7, 8, 9:
		g.accepted = g.accepted.Add(g.days(0, 1) + g.minutes(1))
	case 10:
		g.accepted = g.accepted.Add(g.days(1, 4))
	case 11:
		if target, known := g.target(); known {
			at := target.LockingDate.Add(pick(g.Choices, -time.Nanosecond, 0, -time.Second))
			if at.After(g.accepted) && at.Before(g.accepted.AddDate(0, 2, 0)) {
				g.accepted = at
			}
		}
	}
}

// target returns the action that most submissions address: the newest.
func (g *Generator) target() (ledger.Action, bool) { return g.Memory.Newest() }

// amount returns an amount that is not negative.
func (g *Generator) amount() *money.Decimal {
	minor := 10_000 / oracle.MinorUnits(g.Currency)
	switch n := g.Choose(24); {
	case n == 23:
		return new(money.Decimal(0))
	case n == 22:
		return new(money.Decimal(g.Choose(120)))
	case n > 17 && g.large:
		return new(pick[money.Decimal](g.Choices, 9_999_999_999_999_999, 9_999_999_999_990_000, 5_000_000_000_000_000, 333_333_333_333_333))
	case n > 14:
		return new(money.Decimal(g.Choose(2_000_000)))
	default:
		return new(money.Decimal(int64(g.Choose(20_000)) * minor))
	}
}
