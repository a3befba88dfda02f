package retention

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/archive"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/account"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/listing"
)

var (
	// errChanged means that the records of a batch changed since they were read.
	errChanged = errors.New("the records changed")
	// errQueued means that submissions are queued, which may name an action of the batch.
	errQueued = errors.New("submissions are queued")
)

// remove writes the file of a batch and then removes its records, in one transaction.
func (r *run) remove(b *batch) error {
	if r.folder == nil {
		r.done.Add(b.count)
		return nil
	}
	content, err := archive.Encode(b.file)
	if err != nil {
		return err
	}
	var last store.Archive
	err = r.DB.Read(r.ctx, r.account, func(s *sqldb.Session) (err error) {
		last, err = lastArchive(s, r.account)
		return err
	})
	if err != nil {
		return err
	}
	a := store.Archive{
		Number: last.Number + 1, At: r.now, Hash: archive.Sum(content), Actions: b.count.Actions, Submissions: slices.Sorted(slices.Values(b.submissions)),
		Updates: b.count.Updates, Adjustments: b.count.Adjustments,
		LastUpdate: slices.Max(slices.Concat([]int64{last.LastUpdate}, b.updates, b.adjustments)), Removed: last.Removed + b.count.Submissions,
	}
	a.Name = archive.Name(r.account, b.salt, a.Number, a.Hash)
	if err := r.folder.Write(a.Name, content); err != nil {
		return fmt.Errorf("write an archive: %w", err)
	}
	// After an error the file stays: another process may have recorded one of the same content, and
	// so of the same name, which is then the only copy of its records.
	if err := r.Lock(r.ctx, r.account, func(s *sqldb.Session) error { return r.write(s, b, a) }); err != nil {
		return err
	}
	b.count.Files = []string{a.Name}
	r.done.Add(b.count)
	return nil
}

// write records the archive and removes the records of a batch, unless any of them changed.
func (r *run) write(s *sqldb.Session, b *batch, a store.Archive) error {
	if err := r.checkUnchanged(s, b, a); err != nil {
		return err
	}
	for i := range b.tombstones {
		b.tombstones[i].Archive = a.Number
	}
	if err := errors.Join(s.WriteRows(insertArchive, [][]any{archiveRow(r.account, a)}), s.WriteRows(insertAction, actionRows(r.account, b.tombstones))); err != nil {
		return err
	}
	for _, d := range []struct {
		table, key string
		numbers    []int64
	}{
		{"updates", "number", b.updates},
		{"adjustments", "number", b.adjustments},
		{"undone", "number", b.submissions},
		{"retries", "number", b.submissions},
		{"parking", "number", b.submissions},
		{"outcomes", "number", b.submissions},
		{"submissions", "number", b.submissions},
		{"items", "action", b.actions},
		{"actions", "number", b.actions},
	} {
		if err := inChunks(r.account, d.numbers, func(args []any) error {
			return s.Exec("DELETE FROM "+d.table+" WHERE account = ? AND "+d.key+" IN ("+marks+")", args...)
		}); err != nil {
			return err
		}
	}
	return account.LogEvent(s, r.event, r.account, r.now, "archive "+a.Name, b.count.String())
}

// checkUnchanged returns an error if records of the batch were changed or removed since they were
// read, or if submissions are queued. The account is locked.
func (r *run) checkUnchanged(s *sqldb.Session, b *batch, a store.Archive) error {
	if err := r.checkNoQueue(s); err != nil {
		return err
	}
	if asked, err := r.isAsked(s, b); err != nil || asked {
		return errors.Join(err, errChanged)
	}
	last, err := lastArchive(s, r.account)
	if err != nil {
		return err
	}
	seals, err := b.readSeals(s)
	if err != nil {
		return err
	}
	var completed int64
	err = inChunks(r.account, b.actions, func(args []any) error {
		var count int64
		err := s.Row("SELECT count(*) FROM outcomes WHERE account = ? AND action IN ("+marks+") AND action <> 0", args, &count)
		completed += count
		return err
	})
	if err != nil {
		return err
	}
	if last.Number+1 != a.Number || !slices.Equal(seals, b.seals) || len(b.actions) > 0 && completed != b.kept+int64(len(b.submissions)) {
		return errChanged
	}
	return nil
}

// checkNoQueue returns [errQueued] if submissions of the account are queued.
func (r *run) checkNoQueue(s *sqldb.Session) error {
	var accepted, applied int64
	err := s.Row("SELECT i.number, a.number FROM intake i JOIN applier a ON a.account = i.account WHERE i.account = ?",
		[]any{r.account}, &accepted, &applied)
	if err == nil && accepted != applied {
		return errQueued
	}
	return err
}

// readSeals returns the seals of the actions and submissions of the batch, which cover all that can
// change of them.
func (b *batch) readSeals(s *sqldb.Session) (seals []int64, err error) {
	var seal int64
	for table, numbers := range map[string][]int64{"actions": b.actions, "submissions": b.submissions} {
		err = errors.Join(err, inChunks(b.file.Account, numbers, func(args []any) error {
			return s.Rows("SELECT seal FROM "+table+" WHERE account = ? AND number IN ("+marks+")", args, []any{&seal}, func() error {
				seals = append(seals, seal)
				return nil
			})
		}))
	}
	slices.Sort(seals)
	return seals, err
}

// chunk is the number of parameters of a statement for many numbers, and marks are those.
const chunk = 100

var marks = listing.Marks(chunk)

// inChunks calls f with the account and some numbers at a time. The last number fills a chunk.
func inChunks(account int64, numbers []int64, f func(args []any) error) error {
	for some := range slices.Chunk(numbers, chunk) {
		args := []any{account}
		for i := range chunk {
			args = append(args, some[min(i, len(some)-1)])
		}
		if err := f(args); err != nil {
			return err
		}
	}
	return nil
}

// encodeNumbers returns the differences of ascending numbers as varints.
func encodeNumbers(numbers []int64) []byte {
	var encoded []byte
	last := int64(0)
	for _, n := range numbers {
		encoded = binary.AppendUvarint(encoded, uint64(n-last))
		last = n
	}
	return encoded
}

// decodeNumbers returns the numbers that encodeNumbers encoded.
func decodeNumbers(encoded []byte) (numbers []int64, err error) {
	last := int64(0)
	for len(encoded) > 0 {
		n, size := binary.Uvarint(encoded)
		if size <= 0 || n == 0 || n > uint64(math.MaxInt64-last) {
			return nil, errors.New("the numbers of the submissions are not valid")
		}
		last += int64(n)
		numbers, encoded = append(numbers, last), encoded[size:]
	}
	return numbers, nil
}
