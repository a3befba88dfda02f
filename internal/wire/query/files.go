package query

import (
	"github.com/trueup-ledger/trueup/internal/search"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// DecodeFiles decodes a GET of batch files.
func DecodeFiles(p *wire.Params, env wire.Env) (List[search.FileFilter], error) {
	d := wire.NewDecoder(p, env)
	return newList(d, search.FileFilter{
		Accepted:  d.OpenTimeRange("SubmissionDateStart", "SubmissionDateEnd"),
		Completed: d.OpenTimeRange("CompletedDateStart", "CompletedDateEnd"),
	})
}
