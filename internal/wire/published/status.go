package published

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger/program"
)

// Published statuses of contracts.
const (
	ContractActive   = "ACTIVE"
	ContractExpired  = "EXPIRED"
	ContractUpcoming = "UPCOMING"
	ContractPending  = "PENDING"
	ContractDeclined = "DECLINED"
)

// ContractStatuses lists the published statuses. A contract of the ledger is never pending or
// declined.
var ContractStatuses = []string{ContractActive, ContractDeclined, ContractExpired, ContractPending, ContractUpcoming}

// ContractStatus returns the status of a contract at a time.
func ContractStatus(c program.Contract, at time.Time) string {
	switch {
	case at.Before(c.Start):
		return ContractUpcoming
	case c.InForce(at):
		return ContractActive
	}
	return ContractExpired
}
