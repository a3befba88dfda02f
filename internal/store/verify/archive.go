package verify

import (
	"errors"
	"fmt"
	"iter"
	"math/bits"
	"slices"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/archive"
	"github.com/trueup-ledger/trueup/internal/store/replay"
)

// archived is what was archived and removed.
type archived struct {
	// numbers are those of the submissions.
	numbers numberSet
	// removed is the number of submissions, and actions that of actions.
	removed, actions int64
}

// numberSet is a set of numbers with one bit for each number up to the largest one.
type numberSet []uint64

func (s numberSet) has(n int64) bool {
	return n > 0 && n/64 < int64(len(s)) && s[n/64]&(1<<(n%64)) != 0
}

func (s *numberSet) add(n int64) {
	if missing := int(n/64) + 1 - len(*s); missing > 0 {
		*s = append(*s, make(numberSet, missing)...)
	}
	(*s)[n/64] |= 1 << (n % 64)
}

// next returns the next number after n that is not in the set.
func (s numberSet) next(n int64) int64 {
	n++
	for n/64 < int64(len(s)) {
		if present := ^s[n/64] >> (n % 64); present != 0 {
			return n + int64(bits.TrailingZeros64(present))
		}
		n = (n/64 + 1) * 64
	}
	return n
}

// verifyArchived checks what is kept about archives, and adds the entries of archived actions to
// those that must exist. The positions must be known.
func (v *verifier) verifyArchived(kept store.Archived) error {
	var actions []int64 // by archive
	var last store.Archive
	for a, err := range kept.Archives {
		if err != nil {
			return err
		}
		if err := v.verifyArchive(last, a); err != nil {
			return err
		}
		last, actions = a, append(actions, a.Actions)
	}
	for a, err := range kept.Actions {
		if err != nil {
			return err
		}
		v.archived.actions++
		known := a.Archive > 0 && a.Archive <= int64(len(actions))
		if err := v.check(6, known && v.numbers.has(a.ID.Number), "archived action "+a.ID.String(), "no archive contains it"); err != nil {
			return err
		}
		if known {
			actions[a.Archive-1]--
		}
		sum := v.entries[a.Partner]
		sum.count, sum.amount, sum.digest = sum.count+int(a.Entries), sum.amount+a.Amount, sum.digest+a.Digest
		v.entries[a.Partner] = sum
	}
	for i, missing := range actions {
		if err := v.check(6, missing == 0, fmt.Sprintf("archive %d", i+1), "%d of its actions are not on record", missing); err != nil {
			return err
		}
	}
	if v.folder == nil {
		return nil
	}
	return v.verifyFiles(kept.Archives)
}

// verifyArchive checks the record of an archive, which follows the last one.
func (v *verifier) verifyArchive(last, a store.Archive) error {
	subject := fmt.Sprintf("archive %d", a.Number)
	counters := v.positions.Counters
	once := true
	for _, n := range a.Submissions {
		if n > counters.Applied {
			return v.check(4, false, subject, "contains submission %d, and the last applied one is %d", n, counters.Applied)
		}
		once = once && !v.numbers.has(n)
		v.numbers.add(n)
	}
	count := int64(len(a.Submissions))
	v.removed += count
	v.lastUpdate = max(v.lastUpdate, a.LastUpdate)
	return errors.Join(
		v.check(4, a.Number == last.Number+1, subject, "follows archive %d", last.Number),
		v.check(4, once, subject, "contains submissions that another archive contains"),
		v.check(4, a.Removed == last.Removed+count, subject, "counts %d submissions up to it, and there are %d", a.Removed, last.Removed+count),
		v.check(4, a.LastUpdate >= last.LastUpdate, subject, "contains later updates than those that it counts"),
	)
}

// verifyFiles checks the files of the archives.
func (v *verifier) verifyFiles(archives iter.Seq2[store.Archive, error]) error {
	for a, err := range archives {
		if err != nil {
			return err
		}
		subject := "archive " + a.Name
		content, err := v.folder.Read(a.Name)
		if err != nil {
			if err := v.check(6, false, subject, "can't be read: %v", err); err != nil {
				return err
			}
			continue
		}
		if archive.Sum(content) != a.Hash {
			if err := v.check(6, false, subject, "was changed"); err != nil {
				return err
			}
			continue
		}
		f, err := archive.Decode(content)
		if err != nil {
			if err := v.check(6, false, subject, "can't be decoded: %v", err); err != nil {
				return err
			}
			continue
		}
		if err := v.verifyFile(a, f, subject); err != nil {
			return err
		}
	}
	return nil
}

// verifyFile checks that a file has the records that were removed, and its actions.
func (v *verifier) verifyFile(a store.Archive, f archive.File, subject string) error {
	var numbers []int64
	var actions, updates, adjustments int64
	for _, g := range f.Groups {
		for _, s := range g.Submissions {
			numbers = append(numbers, s.Number)
		}
		updates, adjustments = updates+int64(len(g.Updates)), adjustments+int64(len(g.Adjustments))
		if g.Action == nil {
			continue
		}
		actions++
		if err := v.verifyGroup(g); err != nil {
			return err
		}
	}
	slices.Sort(numbers)
	same := f.Account == v.account && slices.Equal(numbers, a.Submissions) && actions == a.Actions && updates == a.Updates && adjustments == a.Adjustments
	return v.check(6, same, subject, "doesn't contain the records that were removed")
}

// verifyGroup checks an archived action as one that is stored.
func (v *verifier) verifyGroup(g archive.Group) error {
	conversion, steps := g.Steps()
	w := verifier{
		account: v.account, decide: v.decide, contents: archivedContents{v.contents, g, steps}, positions: v.positions, limit: v.limit,
		violations: v.violations, billing: v.billing, entries: make(entrySums),
	}
	updates := updateFeed{next: pull(g.Updates)}
	updates.advance()
	adjustments := adjustmentFeed{next: pull(g.Adjustments)}
	adjustments.advance()
	err := w.verifyAction(*g.Action, &updates, &adjustments, conversion)
	if v.violations = w.violations; err != nil {
		return err
	}
	undone := int64(0)
	for _, s := range g.Submissions {
		if s.Undo != 0 {
			undone++
		}
	}
	return v.check(3, undone == w.undone, "archived action "+g.Action.ID.String(), "%d of its submissions are marked as undone, and %d were", undone, w.undone)
}

// pull returns the function of a feed of records.
func pull[T any](records []T) func() (T, error, bool) {
	return func() (record T, err error, more bool) {
		if len(records) > 0 {
			record, records, more = records[0], records[1:], true
		}
		return record, nil, more
	}
}

// archivedContents are the contents of an account with the submissions of an archived action.
type archivedContents struct {
	store.Contents
	group archive.Group
	steps []replay.Step
}

// Steps implements [store.Contents]. It includes the late ones.
func (c archivedContents) Steps(int64) replay.Steps {
	return func(yield func(replay.Step, error) bool) {
		for _, s := range c.steps {
			if !yield(s, nil) {
				return
			}
		}
	}
}

// LateSteps implements [store.Contents].
func (archivedContents) LateSteps(int64) replay.Steps {
	return func(func(replay.Step, error) bool) {}
}

// UndoOf implements [store.Contents].
func (c archivedContents) UndoOf(submission int64) (int64, error) {
	for _, s := range c.group.Submissions {
		if s.Number == submission {
			return s.Undo, nil
		}
	}
	return 0, nil
}
