package bench

import (
	"context"
	"time"

	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// bareCommits is the number of commits that [Report.MeasureBare] measures.
const bareCommits = 1_000

// Bare compares the latency of the database engine alone with that of [Alone].
type Bare struct {
	// Commit is the time to insert and commit one row.
	Commit Latency `json:"commit"`
	// Ratio is the median from a request until it is applied, divided by that of a commit.
	Ratio float64 `json:"ratio"`
}

// MeasureBare measures commits of one row in the store of an [Alone] load. The store must not
// be under load.
func (r *Report) MeasureBare(ctx context.Context, st *sqlstore.Store) error {
	if r.Scenario != Alone {
		return nil
	}
	commit := newHistogram()
	err := st.InsertBare(ctx, bareCommits, func(took time.Duration) { commit.record(took) })
	r.Bare = &Bare{Commit: commit.latency()}
	r.Bare.Ratio = float64(r.Effect.P50) / float64(max(r.Bare.Commit.P50, 1))
	return err
}
