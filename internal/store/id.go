package store

import (
	"encoding/binary"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
)

// SubmissionID is a submission's BatchId: "A-" and a UUID of version 8, which encodes the
// time, the account's salt and the number. With the number, ids need no index. The salt
// distinguishes the ids of different accounts and installations.
type SubmissionID string

// FileID is a batch file's BatchId: "F-" and a UUID like that of a [SubmissionID].
type FileID string

// NewSubmissionID returns the id of a submission. The number must be less than 2^48.
func NewSubmissionID(salt uint32, accepted time.Time, number int64) SubmissionID {
	return SubmissionID(submissionPrefix + newUUID(salt, accepted, number))
}

// NewFileID returns the id of a file. The number must be less than 2^48.
func NewFileID(salt uint32, accepted time.Time, number int64) FileID {
	return FileID(filePrefix + newUUID(salt, accepted, number))
}

const (
	submissionPrefix = "A-"
	filePrefix       = "F-"
)

func newUUID(salt uint32, accepted time.Time, number int64) string {
	var u uuid.UUID
	binary.BigEndian.PutUint64(u[0:8], uint64(accepted.UnixMilli())<<16|uint64(salt>>16))
	binary.BigEndian.PutUint64(u[8:16], uint64(salt&0xffff)<<48|uint64(number))
	u[6] = u[6]&0x0f | 0x80
	u[8] = u[8]&0x3f | 0x80
	return u.String()
}

// errID reports a malformed id. It has no details, since API callers see it.
var errID = errors.New("not an id")

// Number returns the number in the id. The submission with that number may have another
// id, so callers must compare the ids.
func (id SubmissionID) Number() (int64, error) { return numberOf(string(id), submissionPrefix) }

// Number returns the number in the id, like [SubmissionID.Number].
func (id FileID) Number() (int64, error) { return numberOf(string(id), filePrefix) }

func numberOf(id, prefix string) (int64, error) {
	text, found := strings.CutPrefix(id, prefix)
	u, err := uuid.Parse(text)
	if !found || err != nil || len(text) != 36 {
		return 0, errID
	}
	return int64(binary.BigEndian.Uint64(u[8:16]) & (1<<48 - 1)), nil
}
