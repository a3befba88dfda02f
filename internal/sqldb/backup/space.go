package backup

import (
	"errors"
	"fmt"
)

// reserve is the space that a copy leaves on a disk, since the database may be on the same
// one.
const reserve = 64 << 20

// ErrNoSpace is returned for a copy that would fill the disk.
var ErrNoSpace = errors.New("the disk has too little space for the copy")

// checkSpace returns [ErrNoSpace] unless the disk of a folder has space for so many bytes.
func checkSpace(dir string, size int64) error {
	free, known, err := freeSpace(dir)
	if err != nil || !known || free >= uint64(size)+reserve {
		return err
	}
	return fmt.Errorf("%w: %s has %d MiB, and %d are needed; delete old backups or use another disk", ErrNoSpace,
		dir, free>>20, (uint64(size)+reserve)>>20)
}
