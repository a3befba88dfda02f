package verify

import (
	"crypto/sha256"
	"fmt"
	"hash"

	"github.com/trueup-ledger/trueup/internal/store/replay"
	"github.com/trueup-ledger/trueup/ledger"
)

// beforeDigest is a digest of what the updates of an action replaced. It doesn't hold the
// updates, since an action can have a million.
type beforeDigest struct{ hash hash.Hash }

func (d *beforeDigest) add(u ledger.Update) {
	if u.Before != nil {
		d.write("%d %+v\n", u.Number, *u.Before)
	}
}

// addAdjustment adds an adjustment with what it replaced and the state that it records.
func (d *beforeDigest) addAdjustment(a ledger.Adjustment) {
	d.write("%d %x\n", a.Number, a.Hash)
	if a.Before != nil {
		d.write("%+v\n", *a.Before)
	}
	if a.State != nil {
		d.write("%+v\n", *a.State)
	}
}

func (d *beforeDigest) write(format string, args ...any) {
	if d.hash == nil {
		d.hash = sha256.New()
	}
	fmt.Fprintf(d.hash, format, args...)
}

// equal reports whether the digests are of the same updates.
func (d *beforeDigest) equal(e *beforeDigest) bool {
	sum := func(h hash.Hash) string {
		if h == nil {
			return ""
		}
		return string(h.Sum(nil))
	}
	return sum(d.hash) == sum(e.hash)
}

// replayChecker checks the steps of a replay against what is stored.
type replayChecker struct {
	*verifier
	subject string
	before  beforeDigest
	// adjustments is the digest of the adjustments.
	adjustments beforeDigest
	// undone holds the submissions that the steps undid.
	undone map[int64]bool
}

// step checks a step and what it changed.
func (c *replayChecker) step(s replay.Step, change ledger.Change) error {
	if err := c.check(3, change.Changed() && change.Basis == s.Basis, c.subject,
		"submission %d, applied again, changes nothing or has another pricing basis", s.Number); err != nil {
		return err
	}
	for _, u := range change.Updates {
		c.before.add(u)
	}
	for _, d := range change.Adjustments {
		c.adjustments.addAdjustment(d)
	}
	if change.Undone == 0 || c.undone[change.Undone] {
		return nil
	}
	if c.undone == nil {
		c.undone = make(map[int64]bool)
	}
	c.undone[change.Undone] = true
	c.verifier.undone++
	undo, err := c.contents.UndoOf(change.Undone)
	if err != nil {
		return err
	}
	return c.check(3, undo == s.Number, fmt.Sprintf("submission %d", change.Undone),
		"was undone by submission %d, and by %d according to the record of undos", s.Number, undo)
}
