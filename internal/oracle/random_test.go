package oracle_test

import (
	"math/rand/v2"

	"github.com/trueup-ledger/trueup/internal/oracle/scenario"
)

const fixedSeed = 20_260_910

// pseudoRandom is a chooser by pseudo-random numbers.
type pseudoRandom struct{ *rand.Rand }

func (r pseudoRandom) Choose(n int) int { return r.IntN(n) }

// random returns the choices of a seed and a stream. They are the same in every run.
func random(seed, stream uint64) scenario.Choices {
	return scenario.Choices{Chooser: pseudoRandom{rand.New(rand.NewPCG(seed, stream))}}
}
