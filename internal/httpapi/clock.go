package httpapi

// GuardWrites makes the API refuse writes while check returns an error, usually a
// [*clockguard.Error]. It must be called before the first request.
func (a *API) GuardWrites(check func() error) { a.checkClock = check }

// checkClock returns an error if the request is a write and writes are refused.
func (c *call) checkClock() error {
	if safe(c.r.Method) {
		return nil
	}
	return c.api.checkClock()
}
