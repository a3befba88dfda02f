// Package logcheck detects that SQLite would silently drop commits from the end of its
// write-ahead log (WAL).
//
// SQLite recovers a WAL up to the first frame whose checksum is wrong. It takes a damaged
// page in the middle for the end, and overwrites or deletes what follows. The check must
// therefore run before a connection writes.
package logcheck

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/ncruces/go-sqlite3"

	"github.com/trueup-ledger/trueup/internal/sqldb/wal"
)

// ErrDamaged is wrapped by every [*DamageError].
var ErrDamaged = errors.New("the write-ahead log is damaged")

// DamageError reports that committed transactions are missing.
type DamageError struct {
	// Problem describes what is wrong.
	Problem string
	// Missing is the number of records that were counted and are missing, or -1 if it is
	// unknown.
	Missing int64
	// Last is the instant of the last record that is left, or zero.
	Last time.Time
}

// Error implements error.
func (e *DamageError) Error() string {
	missing := "an unknown number of acknowledged submissions"
	if e.Missing >= 0 {
		missing = fmt.Sprintf("%d acknowledged submissions and changes of other data", e.Missing)
	}
	since := ""
	if !e.Last.IsZero() {
		since = " after " + e.Last.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("%v: %s; %s may be missing. Nothing was changed. trueup verify and trueup backup still read what is left. "+
		"Restore the newest backup, or keep what is left with trueup recover --accept-loss; "+
		"then have callers send again what they sent%s", ErrDamaged, e.Problem, missing, since)
}

// Unwrap returns [ErrDamaged].
func (e *DamageError) Unwrap() error { return ErrDamaged }

// While another process writes, a scan can read a frame before it is written and others
// after that. Damage is what repeated scans find in the same place.
const (
	scans     = 20
	scanPause = 50 * time.Millisecond
)

// Check returns a [*DamageError] if commits are missing from the database at path. Query
// returns the number of counted records in the database and the instant of the last one
// in microseconds; a database without its tables has none. Check changes neither the
// database nor the WAL.
func Check(ctx context.Context, path, query string) error {
	mark, marked, err := wal.ReadMark(path)
	if err != nil {
		return fmt.Errorf("read the high-water mark: %w", err)
	}
	problem, err := stableProblem(ctx, path)
	if err != nil {
		return err
	}
	if problem == "" && (!marked || mark.Records == 0) {
		return nil
	}
	records, last, err := count(ctx, path, query)
	switch {
	case problem == "" && err != nil:
		return fmt.Errorf("count the submissions: %w", err)
	case problem == "" && records >= mark.Records:
		return nil
	case problem == "":
		problem = "the database is older than the commits that were acknowledged"
	}
	damage := &DamageError{Problem: problem, Missing: -1}
	if err == nil {
		damage.Last = last
		if marked {
			damage.Missing = max(mark.Records-records, 0)
		}
	}
	return damage
}

// stableProblem returns the problem of the WAL if repeated scans find it in the same place,
// otherwise "".
func stableProblem(ctx context.Context, path string) (string, error) {
	var before wal.Contents
	for n := range scans {
		contents, problem, err := scan(path)
		if err != nil || problem == "" || n > 0 && contents == before {
			return problem, err
		}
		before = contents
		select {
		case <-time.After(scanPause):
		case <-ctx.Done():
			return "", context.Cause(ctx)
		}
	}
	return "", nil // another process continues to write, for which SQLite recovered the WAL
}

// scan reads the mark and the WAL, in this order: the mark of a running process moves only
// forward.
func scan(path string) (c wal.Contents, problem string, err error) {
	mark, marked, err := wal.ReadMark(path)
	if err != nil {
		return c, "", fmt.Errorf("read the high-water mark: %w", err)
	}
	file, err := os.Open(path + "-wal")
	if errors.Is(err, fs.ErrNotExist) {
		return c, "", nil
	}
	if err != nil {
		return c, "", err
	}
	defer file.Close()
	if c, err = wal.Scan(file); err != nil {
		return c, "", fmt.Errorf("read the write-ahead log: %w", err)
	}
	database, err := os.Stat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return c, "", err
	}
	if c.Commits > 0 && (database == nil || database.Size() == 0) {
		return c, "the database file is missing or empty", nil // SQLite would delete the WAL
	}
	return c, judge(c, mark, marked), nil
}

// judge returns what is wrong with a WAL, or "".
func judge(c wal.Contents, mark wal.Position, marked bool) string {
	same := marked && mark.Frames > 0 && mark.Salt == c.Salt
	behind := c.IntactBehind + c.DamagedBehind
	switch {
	case c.HeaderDamaged:
		return "its header is not valid, so that SQLite ignores all of it"
	case same && mark.Frames > c.Frames:
		return fmt.Sprintf("it is valid up to frame %d, and frames up to %d were committed", c.Frames, mark.Frames)
	case same && mark.Frames == c.Frames:
		return "" // what follows was never acknowledged
	case c.IntactBehind > 1, !marked && behind > 0:
		return fmt.Sprintf("it is valid up to frame %d, and %d commits follow", c.Frames, behind)
	}
	// A single commit is the last transaction, parts of which a power failure stored.
	return ""
}

// openReader returns a connection that leaves the WAL as it is, also when it closes.
func openReader(path string) (*sql.DB, error) {
	db, err := wal.OpenFile(wal.VFS, path, "ro", func(c *sqlite3.Conn) error {
		_, err := c.Config(sqlite3.DBCONFIG_NO_CKPT_ON_CLOSE, true)
		return err
	}, "busy_timeout(10000)")
	if err == nil {
		db.SetMaxOpenConns(1)
	}
	return db, err
}

// count returns the result of the query.
func count(ctx context.Context, path, query string) (records int64, last time.Time, err error) {
	if info, err := os.Stat(path); query == "" || errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return 0, last, nil
	}
	db, err := openReader(path)
	if err != nil {
		return 0, last, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var tables int
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil || tables == 0 {
		return 0, last, err
	}
	var micros int64
	if err := db.QueryRowContext(ctx, query).Scan(&records, &micros); err != nil {
		return 0, last, err
	}
	if micros > 0 {
		last = time.UnixMicro(micros)
	}
	return records, last, nil
}
