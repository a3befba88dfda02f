package sqlstore

import (
	"context"
	"time"
)

// The write-ahead log. The copier copies it into the database, and SQLite begins it anew
// when nobody reads in it any more; under many overlapping readers that may never come,
// and the log would grow for ever.
const (
	// trimWait is how long to wait for those that read, trimPause the rest after
	// a try.
	trimWait  = time.Second
	trimPause = 5 * time.Second
)

// measureLog copies nothing, and answers how many pages the log has and how many of them
// are copied.
const measureLog = "PRAGMA wal_checkpoint(NOOP)"

// tend keeps the log short. It runs between two transactions of the writer.
func (st *Store) tend(s *session) {
	if st.copier == nil {
		return
	}
	var busy, pages, copied int
	if err := s.row(measureLog, nil, &busy, &pages, &copied); err != nil || busy != 0 {
		return // the next transaction will tell
	}
	if pages >= trimPages && time.Since(st.trimmed) >= trimPause {
		st.trimmed = time.Now()
		st.trim()
		return
	}
	st.copier.look(pages, copied)
}

// trim cuts the log while nobody reads. If somebody reads on, the next try is due after a
// pause, and the log is only longer until then.
func (st *Store) trim() {
	<-st.copier.idle // while others read on
	ctx, cancel := context.WithTimeout(context.Background(), trimWait)
	defer cancel()
	for _, p := range []*pool{st.lookups, st.readers} {
		release, held := p.hold(ctx)
		defer release()
		if !held {
			return
		}
	}
	st.copier.copy(truncating)
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
