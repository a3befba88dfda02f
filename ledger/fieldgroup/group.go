// Package fieldgroup records what a submission replaces in a state, by groups of fields that
// change together.
package fieldgroup

// A Group returns the first state with a group of the second one's fields. The fields of
// a group change together, so that an undo restores all of them or none.
type Group[S comparable] func(to, from S) S

func (g Group[S]) differs(s, t S) bool {
	var zero S
	return g(zero, s) != g(zero, t)
}

// Groups is a set of groups of fields, with a bit for each.
type Groups int64

func (g Groups) has(group int) bool { return g>>group&1 == 1 }

// Changes holds, for each group of fields, the number of the submission that changed it
// last, or 0 if none did.
type Changes [6]int64

// record sets the number of the groups.
func (c *Changes) record(groups Groups, submission int64) {
	for i := range c {
		if groups.has(i) {
			c[i] = submission
		}
	}
}

// ChangedLastBy reports whether the submission was the last to change each of the groups.
func (c Changes) ChangedLastBy(groups Groups, submission int64) bool {
	for i, last := range c {
		if groups.has(i) && last != submission {
			return false
		}
	}
	return true
}

// Replaced is what a submission replaced in a state.
type Replaced[S comparable] struct {
	// Groups are the groups of fields that changed. State holds their fields as they were.
	Groups Groups
	State  S
	// Changes are those of all groups before the submission, unless Groups is empty.
	Changes Changes
}

// Replace compares the state before a submission with that after it. It records the
// submission in changes.
func Replace[S comparable](groups []Group[S], before, after S, changes *Changes, submission int64) Replaced[S] {
	var r Replaced[S]
	for i, group := range groups {
		if group.differs(before, after) {
			r.State = group(r.State, before)
			r.Groups |= 1 << i
		}
	}
	if r.Groups != 0 {
		r.Changes = *changes
		changes.record(r.Groups, submission)
	}
	return r
}

// Revert sets the fields and the changes that were replaced.
func (r Replaced[S]) Revert(s *S, changes *Changes, groups []Group[S]) {
	if r.Groups != 0 {
		r.Restore(s, groups, r.Groups)
		*changes = r.Changes
	}
}

// Restore sets the fields of the given groups, as far as they were replaced.
func (r Replaced[S]) Restore(s *S, groups []Group[S], restored Groups) {
	for i, group := range groups {
		if (r.Groups & restored).has(i) {
			*s = group(*s, r.State)
		}
	}
}
