package browsertest

import "time"

// Hurry sets the timeout of the page's steps, until the returned function is called.
func (p *Page) Hurry(d time.Duration) (restore func()) {
	previous := p.timeout
	p.timeout = d
	return func() { p.timeout = previous }
}
