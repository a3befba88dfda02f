package wal

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

func TestTheWALIsReusedUnderContinuousWrites(t *testing.T) {
	t.Parallel()
	for name, count := range map[string]int{"of one writer": 1, "of two writers": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			var writers []*writer
			for range count {
				writers = append(writers, openWriter(t, dir))
			}
			var l load
			longest, reused := l.writeUntilReused(t, 2, writers...)
			if most := maxPages + (count-1)*retryPages + 1000; reused < 2 || longest > most {
				t.Errorf("after %d commits the WAL was reused %d times and had %d pages, want 2 times and at most %d",
					l.commits, reused, longest, most)
			}
			l.check(t, dir, writers...)
		})
	}
}

func TestTheWriterWaitsForShortCheckpointsAndLongWALs(t *testing.T) {
	t.Parallel()
	w := openWriter(t, t.TempDir())
	for name, test := range map[string]struct {
		target, pages, checkpointed int
		started, postponed          bool
	}{
		"a short WAL is not checkpointed":                 {0, checkpointPages - 1, 0, false, false},
		"it doesn't wait for a long checkpoint":           {0, checkpointPages, checkpointPages - blockingPages - 1, true, false},
		"it waits for a short checkpoint":                 {0, checkpointPages, checkpointPages - blockingPages, true, true},
		"it waits when the WAL is long":                   {0, maxPages, 0, true, true},
		"a checkpoint that fell short is retried later":   {checkpointPages, checkpointPages + 1, checkpointPages - 1, false, true},
		"a checkpoint that reached its target is resumed": {checkpointPages, checkpointPages + 1, checkpointPages, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			w.pages, w.due, w.target = 0, checkpointPages, test.target
			idle := w.idle
			w.Observe(test.pages, test.checkpointed)
			if started := w.idle != idle; started != test.started {
				t.Errorf("a checkpoint started: %t, want %t", started, test.started)
			}
			if postponed := w.due == test.pages+retryPages; postponed != test.postponed {
				t.Errorf("the next checkpoint is due at %d pages", w.due)
			}
			<-w.idle
		})
	}
}

func TestTheWriterWaitsForARunningCheckpointWhenTheWALIsLong(t *testing.T) {
	t.Parallel()
	w := openWriter(t, t.TempDir())
	disk := slowDisk{syncing: make(chan struct{}), resume: make(chan struct{})}
	w.replaceFile(func(f systemFile) systemFile { disk.systemFile = f; return disk })
	var l load
	if err := l.write(w); err != nil {
		t.Fatal(err)
	}
	w.Observe(checkpointPages, 0)
	<-disk.syncing
	w.Observe(maxPages-1, 0)
	var resumed atomic.Bool
	time.AfterFunc(50*time.Millisecond, func() {
		resumed.Store(true)
		close(disk.resume)
	})
	if w.Observe(maxPages, 0); !resumed.Load() {
		t.Error("it did not wait")
	}
}

// TestWritesDoNotWaitForACheckpoint blocks the sync of a checkpoint.
func TestWritesDoNotWaitForACheckpoint(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := openWriter(t, dir)
	disk, syncing := slowDisk{syncing: make(chan struct{}), resume: make(chan struct{})}, false
	w.replaceFile(func(f systemFile) systemFile { disk.systemFile = f; return disk })
	var l load
	for concurrent := 0; concurrent < 10; {
		if err := l.write(w); err != nil {
			t.Fatal(err)
		}
		switch {
		case syncing:
			concurrent++
		case w.running():
			<-disk.syncing
			syncing = true
		}
	}
	close(disk.resume)
	if longest, reused := l.writeUntilReused(t, 1, w); reused < 1 {
		t.Errorf("the WAL has %d pages and was not reused", longest)
	}
	l.check(t, dir, w)
}

// slowDisk is a file whose first sync closes syncing and blocks until resume is closed.
type slowDisk struct {
	systemFile
	syncing, resume chan struct{}
}

func (d slowDisk) Sync(flags vfs.SyncFlag) error {
	select {
	case <-d.resume:
	default:
		close(d.syncing)
		<-d.resume
	}
	return d.systemFile.Sync(flags)
}

// TestAFailedCheckpointIsRetried fails all writes of the first checkpoint.
func TestAFailedCheckpointIsRetried(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := openWriter(t, dir)
	w.replaceFile(func(f systemFile) systemFile { return fullDisk{f} })
	var l load
	longest, reused := l.writeUntilReused(t, 1, w)
	if reused < 1 || longest < checkpointPages+retryPages || longest >= maxPages+commitPages {
		t.Errorf("after %d commits the WAL was reused %d times and had %d pages", l.commits, reused, longest)
	}
	l.check(t, dir, w)
}

func TestTheLastFailureIsKeptUntilACheckpointSucceeds(t *testing.T) {
	t.Parallel()
	w := openWriter(t, t.TempDir())
	w.replaceFile(func(f systemFile) systemFile { return fullDisk{f} })
	var l load
	if err := l.write(w); err != nil {
		t.Fatal(err)
	}
	for _, want := range []error{sqlite3.FULL, nil} { // the second checkpoint has a new connection
		if w.Checkpoint(); !errors.Is(w.LastFailure(), want) {
			t.Errorf("the failure is %v, want %v", w.LastFailure(), want)
		}
	}
}

// fullDisk is a file that accepts no writes.
type fullDisk struct{ systemFile }

func (fullDisk) WriteAt([]byte, int64) (int, error) { return 0, sqlite3.FULL }
