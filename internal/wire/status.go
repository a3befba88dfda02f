package wire

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// Statuses of submissions and of batch files. A submission is never in progress: it is
// queued until the transaction that completes it.
const (
	StatusQueued     = "Queued"
	StatusInProgress = "In Progress"
	StatusComplete   = "Complete"
)

// Statuses of contracts.
const (
	ContractActive  = "ACTIVE"
	ContractExpired = "EXPIRED"
)

// ContractStatus returns the status of a contract at a time.
func ContractStatus(c program.Contract, at time.Time) string {
	if c.End.IsZero() || at.Before(c.End) {
		return ContractActive
	}
	return ContractExpired
}
