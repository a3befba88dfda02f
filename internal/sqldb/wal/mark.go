package wal

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io/fs"
	"os"
	"sync"
)

// Position is a high-water mark: what the database certainly contains.
type Position struct {
	// Salt and Frames are the generation of the WAL and the end of its last commit. Frames
	// is 0 if the database file contains everything.
	Salt   Salt
	Frames int64
	// Records is the number of records that were counted by commits.
	Records int64
}

// Mark keeps the high-water mark of a database in a file beside it. The VFS writes it when
// a commit is on disk, before COMMIT returns: it is never ahead of the disk. It is not
// synced, so that it costs a commit some microseconds. It is exact when the process is
// killed, and can be some seconds old after a power failure.
type Mark struct {
	path string

	mu sync.Mutex
	// users is the number of open WAL files, and file is open while there are any.
	users int
	file  *os.File
	// counted is the number of records of the transaction that commits next.
	counted int64
}

// marks holds the mark of each database that the process opened, by the path of the
// database file.
var marks sync.Map

// MarkSuffix ends the name of the file of a mark. It begins with that of the database.
const MarkSuffix = "-mark"

// MarkOf returns the mark of the database at path, which must not contain symbolic links.
func MarkOf(path string) *Mark {
	m, _ := marks.LoadOrStore(path, &Mark{path: path + MarkSuffix})
	return m.(*Mark)
}

// Format of the file: two slots, which are written in turn, so that one is always whole.
const (
	slotSize     = 48
	slotDistance = 512 // at least a sector
	slotMagic    = 0x74727565_75704d31
)

// slot is the contents of a slot.
type slot struct {
	sequence uint64
	Position
}

func (s slot) encode() []byte {
	b := make([]byte, 0, slotSize)
	b = binary.BigEndian.AppendUint64(b, slotMagic)
	b = binary.BigEndian.AppendUint64(b, s.sequence)
	b = append(b, s.Salt[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(s.Frames))
	b = binary.BigEndian.AppendUint64(b, uint64(s.Records))
	b = binary.BigEndian.AppendUint32(b, 0) // reserved
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
}

func decodeSlot(b []byte) (s slot, valid bool) {
	if binary.BigEndian.Uint64(b) != slotMagic || crc32.ChecksumIEEE(b[:slotSize-4]) != binary.BigEndian.Uint32(b[slotSize-4:]) {
		return slot{}, false
	}
	s.sequence = binary.BigEndian.Uint64(b[8:])
	s.Salt = Salt(b[16:24])
	s.Frames, s.Records = int64(binary.BigEndian.Uint64(b[24:])), int64(binary.BigEndian.Uint64(b[32:]))
	return s, true
}

// newest returns the slot of a file that was written last.
func newest(file *os.File) (last slot, found bool, err error) {
	content := make([]byte, slotDistance+slotSize)
	n, err := file.ReadAt(content, 0)
	if err = ignoreEnd(err); err != nil {
		return slot{}, false, err
	}
	for offset := 0; offset+slotSize <= n; offset += slotDistance {
		if s, valid := decodeSlot(content[offset : offset+slotSize]); valid && (!found || s.sequence > last.sequence) {
			last, found = s, true
		}
	}
	return last, found, nil
}

// ReadMark returns the high-water mark of the database at path, and false if there is none.
func ReadMark(path string) (Position, bool, error) {
	file, err := os.Open(path + MarkSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return Position{}, false, nil
	}
	if err != nil {
		return Position{}, false, err
	}
	defer file.Close()
	s, found, err := newest(file)
	return s.Position, found, err
}

// Count adds records to the next commit of this process.
func (m *Mark) Count(records int64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.counted = records
}

// Set replaces the number of records. The caller must hold SQLite's write lock.
func (m *Mark) Set(records int64) error {
	return m.update(func(p *Position) { p.Records = records })
}

// open and close count the WAL files of the process.
func (m *Mark) open() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.users++
}

func (m *Mark) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.users--; m.users == 0 && m.file != nil {
		_ = m.file.Close()
		m.file = nil
	}
}

// commit records that the WAL is on disk up to a commit. Errors are ignored: an old mark is
// true as well.
func (m *Mark) commit(salt Salt, frames int64) {
	_ = m.update(func(p *Position) {
		p.Salt, p.Frames = salt, frames
		p.Records += m.counted
		m.counted = 0
	})
}

// reset records that the database file contains everything.
func (m *Mark) reset() error {
	if _, err := os.Stat(m.path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return m.update(func(p *Position) { p.Salt, p.Frames = Salt{}, 0 })
}

// update changes the mark. Other processes change it too, while they hold the write lock.
func (m *Mark) update(change func(*Position)) (err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.file == nil {
		if m.file, err = os.OpenFile(m.path, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
			return err
		}
	}
	s, _, err := newest(m.file)
	if err != nil {
		return err
	}
	change(&s.Position)
	s.sequence++
	_, err = m.file.WriteAt(s.encode(), int64(s.sequence%2)*slotDistance)
	if m.users == 0 {
		err = errors.Join(err, m.file.Close())
		m.file = nil
	}
	return err
}
