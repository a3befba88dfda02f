package sqlstore

// Exported for tests.
var (
	Config          = config
	New             = newStore
	TablesByAccount = tablesByAccount
)
