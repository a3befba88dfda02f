package invoicefile

import (
	"log/slog"
	"sync"
)

// MissingLog logs which characters of invoices no font has, once for each partner. Its methods are
// safe for concurrent use. The zero value has logged nothing.
type MissingLog struct {
	mu     sync.Mutex
	logged map[int64]bool
}

// Options returns the options of the PDF of an invoice of a partner.
func (m *MissingLog) Options(font []byte, partner int64, log *slog.Logger) Options {
	return Options{Font: font, Missing: func(characters string) {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.logged[partner] {
			return
		}
		if m.logged == nil {
			m.logged = make(map[int64]bool)
		}
		m.logged[partner] = true
		log.Warn("characters of an invoice are replaced, because no font has them: set a font that has them with --invoice-font",
			"partner", partner, "characters", characters)
	}}
}
