package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// The write-ahead log. SQLite copies it back into the database as it goes, but
// begins it anew only at a moment when nobody reads; under many overlapping
// readers that never comes, and the log would grow for ever.
const (
	// maxLog is how long it may be before readers are held back for a moment.
	maxLog = 256 << 20
	// trimWait is how long to wait for those that read, trimPause the rest after
	// a try.
	trimWait  = time.Second
	trimPause = 5 * time.Second
)

// trim cuts the log if it is too long. It runs between two transactions of the
// writer; if somebody reads on, the next try is due after a pause, and the log is
// only longer until then.
func (st *Store) trim(s *session) {
	file, err := os.Stat(st.log)
	if err != nil || file.Size() < maxLog || time.Since(st.trimmed) < trimPause {
		return
	}
	st.trimmed = time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), trimWait)
	defer cancel()
	for _, p := range []*pool{st.lookups, st.readers} {
		release, held := p.hold(ctx)
		defer release()
		if !held {
			return
		}
	}
	// Another process may read too: do not wait for it as for a lock. If this fails
	// the log stays long until the next try, and the connection is replaced.
	var busy, pages, copied int
	err = errors.Join(
		s.exec("PRAGMA busy_timeout = 200"),
		s.row("PRAGMA wal_checkpoint(TRUNCATE)", nil, &busy, &pages, &copied),
		s.exec(fmt.Sprintf("PRAGMA busy_timeout = %d", busyMillis)),
	)
	s.broken = s.broken || err != nil
}

// hold takes every turn, so that no session is lent until release is called. It
// reports whether it could before ctx ended.
func (p *pool) hold(ctx context.Context) (release func(), held bool) {
	taken := 0
	release = func() {
		for range taken {
			<-p.turns
		}
	}
	for range cap(p.turns) {
		select {
		case p.turns <- struct{}{}:
			taken++
		case <-ctx.Done():
			return release, false
		}
	}
	return release, true
}
