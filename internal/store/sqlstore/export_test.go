package sqlstore

// Names for tests.
var (
	Config          = config
	New             = newStore
	TablesByAccount = tablesByAccount
)
