package search

// Statuses of submissions and of batch files. A submission is never in progress: it is
// queued until the transaction that completes it.
const (
	StatusQueued     = "Queued"
	StatusInProgress = "In Progress"
	StatusComplete   = "Complete"
)
