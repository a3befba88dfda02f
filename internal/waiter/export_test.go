package waiter

// Waiting answers how many wait.
func (r *Waiters) Waiting() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, callers := range r.waiting {
		n += len(callers)
	}
	return n
}
