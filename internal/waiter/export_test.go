package waiter

// Waiting returns the number of waiting callers.
func (w *Waiters) Waiting() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, callers := range w.waiting {
		n += len(callers)
	}
	return n
}
