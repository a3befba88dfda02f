package ingest

// Waiting returns the number of the account's calls that wait for the next commit.
func (in *Ingest) Waiting(account int64) int {
	in.mu.Lock()
	defer in.mu.Unlock()
	if q := in.waiting[account]; q != nil {
		return len(q.calls)
	}
	return 0
}
