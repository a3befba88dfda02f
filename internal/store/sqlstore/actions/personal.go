package actions

import (
	"slices"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
)

// personalNames are the columns that hold personal data.
var personalNames = []string{"customer", "post_code", "city", "region", "country", "attributes"}

var updatePersonal = actionTable.Update(personalColumns()...)

func personalColumns() (columns actionColumns) {
	for i, name := range column.Names(trackedColumns) {
		if slices.Contains(personalNames, name) {
			columns = append(columns, trackedColumns[i])
		}
	}
	return columns
}

// ReplacePersonal writes the columns of actions that hold personal data.
func ReplacePersonal(s *sqldb.Session, account int64, actions []ledger.Action) error {
	rows := make([][]any, 0, len(actions))
	for i := range actions {
		rows = append(rows, updatePersonal.Row(&actions[i], account))
	}
	return s.WriteRows(updatePersonal.Bulk, rows)
}
