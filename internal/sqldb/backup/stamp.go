package backup

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// Places in the header of a SQLite file. SQLite leaves the contents of both to applications
// (user_version and application_id).
const (
	headerMagic   = "SQLite format 3\x00"
	versionOffset = 60
	idOffset      = 68
	headerSize    = 100
)

// applicationID marks the copies that [Copy] makes.
const applicationID = 0x54727570 // "Trup"

// ErrNoBackup is returned for a file that [Copy] didn't make.
var ErrNoBackup = errors.New("not a backup by trueup backup")

// Stamp describes a copy of a database.
type Stamp struct {
	// Made is the second in which the copy began. It is the zero time for a database that has
	// no stamp, such as a copy by an earlier version.
	Made time.Time
	// Size is the number of bytes.
	Size int64
}

// ReadStamp reads the stamp of a file. It returns [ErrNoBackup] for a file that is no SQLite
// database.
func ReadStamp(path string) (s Stamp, err error) {
	file, err := os.Open(path)
	if err != nil {
		return s, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return s, err
	}
	header := make([]byte, headerSize)
	switch _, err := io.ReadFull(file, header); {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return s, fmt.Errorf("%s: %w", path, ErrNoBackup)
	case err != nil:
		return s, err
	case string(header[:len(headerMagic)]) != headerMagic:
		return s, fmt.Errorf("%s: %w", path, ErrNoBackup)
	}
	s.Size = info.Size()
	if binary.BigEndian.Uint32(header[idOffset:]) == applicationID {
		s.Made = time.Unix(int64(binary.BigEndian.Uint32(header[versionOffset:])), 0).UTC()
	}
	return s, nil
}

// writeStamp writes a stamp to a database that no process has open, and syncs it.
func writeStamp(path string, made time.Time) error {
	return writeHeader(path, uint32(made.Unix()), applicationID)
}

// RemoveStamp removes the stamp of a copy that is to be a database again. No process may have
// it open.
func RemoveStamp(path string) error { return writeHeader(path, 0, 0) }

func writeHeader(path string, version, id uint32) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	_, errVersion := file.WriteAt(binary.BigEndian.AppendUint32(nil, version), versionOffset)
	_, errID := file.WriteAt(binary.BigEndian.AppendUint32(nil, id), idOffset)
	return errors.Join(errVersion, errID, file.Sync(), file.Close())
}
