// Package archive reads and writes archives: files with the records that were removed from an
// account, as compressed JSON lines (docs/operations.md).
package archive

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"time"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/replay"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// Version is the version of the format that [Encode] writes.
const Version = 1

// File is the content of an archive.
type File struct {
	Account int64
	Groups  []Group
}

// Group is an action with its submissions, updates and adjustments, each by number, or a
// submission without an action.
type Group struct {
	// Action is nil in a group of a submission without effect.
	Action      *ledger.Action
	Submissions []Submission
	Updates     []ledger.Update
	Adjustments []ledger.Adjustment
}

// Submission is a complete submission.
type Submission struct {
	store.Submission
	// Undo is the number of the submission that undid it first, or 0.
	Undo int64
}

// line is a line of a file. It has one of the records.
type line struct {
	Version    int                `json:"version,omitempty"`
	Account    int64              `json:"account,omitempty"`
	Action     *ledger.Action     `json:"action,omitempty"`
	Submission *storedSubmission  `json:"submission,omitempty"`
	Update     *ledger.Update     `json:"update,omitempty"`
	Adjustment *ledger.Adjustment `json:"adjustment,omitempty"`
}

// storedSubmission is the JSON form of a [Submission].
type storedSubmission struct {
	Number   int64
	ID       store.SubmissionID
	Accepted time.Time
	Rules    ledger.Rules
	Kind     ledger.Kind
	Payload  string
	Command  json.RawMessage
	Outcome  store.Outcome
	Undo     int64 `json:",omitzero"`
}

// Encode returns the content of a file. Equal files have equal contents. The records are removed
// afterwards, so Encode checks that the content can be decoded and gives the same content again.
func Encode(f File) ([]byte, error) {
	content, err := encode(f)
	if err != nil {
		return nil, err
	}
	decoded, err := Decode(content)
	if err != nil {
		return nil, err
	}
	again, err := encode(decoded)
	if err == nil && !bytes.Equal(content, again) {
		err = errors.New("the content is decoded to other records")
	}
	return content, err
}

func encode(f File) ([]byte, error) {
	var content bytes.Buffer
	w := gzip.NewWriter(&content)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	lines, err := f.lines()
	for i := 0; err == nil && i < len(lines); i++ {
		err = encoder.Encode(lines[i])
	}
	err = errors.Join(err, w.Close())
	return content.Bytes(), err
}

func (f File) lines() ([]line, error) {
	lines := []line{{Version: Version, Account: f.Account}}
	for _, g := range f.Groups {
		if g.Action != nil {
			lines = append(lines, line{Action: g.Action})
		}
		for _, s := range g.Submissions {
			command, err := json.Marshal(s.Command)
			if err != nil {
				return nil, err
			}
			lines = append(lines, line{Submission: &storedSubmission{
				s.Number, s.ID, s.Accepted, s.Rules, s.Command.Kind(), s.Payload, command, s.Outcome, s.Undo,
			}})
		}
		for i := range g.Updates {
			lines = append(lines, line{Update: &g.Updates[i]})
		}
		for i := range g.Adjustments {
			lines = append(lines, line{Adjustment: &g.Adjustments[i]})
		}
	}
	return lines, nil
}

// Decode returns the file with a content.
func Decode(content []byte) (f File, err error) {
	r, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return f, err
	}
	decoder := json.NewDecoder(r)
	var head line
	if err := decoder.Decode(&head); err != nil {
		return f, err
	}
	if head.Version != Version {
		return f, fmt.Errorf("the archive has version %d, and this program reads version %d", head.Version, Version)
	}
	f.Account = head.Account
	for {
		var l line
		switch err := decoder.Decode(&l); {
		case errors.Is(err, io.EOF):
			return f, nil
		case err != nil:
			return f, err
		}
		if err := f.add(l); err != nil {
			return f, err
		}
	}
}

// add adds the record of a line.
func (f *File) add(l line) error {
	if l.Action != nil {
		f.Groups = append(f.Groups, Group{Action: l.Action})
		return nil
	}
	last := len(f.Groups) - 1
	if l.Submission != nil {
		s, err := l.Submission.submission()
		if err != nil {
			return err
		}
		if last < 0 || f.Groups[last].Action == nil || s.Outcome.Action != f.Groups[last].Action.ID {
			f.Groups = append(f.Groups, Group{})
			last++
		}
		f.Groups[last].Submissions = append(f.Groups[last].Submissions, s)
		return nil
	}
	if last < 0 || f.Groups[last].Action == nil {
		return errors.New("a record of an action does not follow its action")
	}
	g := &f.Groups[last]
	switch {
	case l.Update != nil:
		g.Updates = append(g.Updates, *l.Update)
	case l.Adjustment != nil:
		g.Adjustments = append(g.Adjustments, *l.Adjustment)
	default:
		return errors.New("a line has no record")
	}
	return nil
}

func (s storedSubmission) submission() (Submission, error) {
	command, err := store.DecodeCommand(s.Kind, s.Command)
	if err != nil {
		return Submission{}, fmt.Errorf("submission %d: %w", s.Number, err)
	}
	return Submission{Undo: s.Undo, Submission: store.Submission{
		Submission: ledger.Submission{Number: s.Number, Accepted: s.Accepted, Rules: s.Rules, Command: command},
		ID:         s.ID, Payload: s.Payload, Outcome: s.Outcome,
	}}, nil
}

// Name returns the name of a file in the archive folder. It contains a part of the content's hash,
// so that different contents have different names. Salt is the account's: two ledgers that share a
// folder don't share names.
func Name(account int64, salt uint32, number int64, hash ids.Hash) string {
	return fmt.Sprintf("%s%08d-%s.jsonl.gz", Prefix(account, salt), number, hex.EncodeToString(hash[:8]))
}

// NumberOf returns the number in the name of a file, or 0.
func NumberOf(name string) (number int64) {
	_, _ = fmt.Sscanf(path.Base(name), "%08d-", &number) // without a number it stays 0
	return number
}

// Prefix returns the beginning of the names of an account's files: their folder.
func Prefix(account int64, salt uint32) string { return fmt.Sprintf("%d-%08x/", account, salt) }

// Sum returns the hash of a content.
func Sum(content []byte) ids.Hash { return sha256.Sum256(content) }

// Steps returns the conversion of the group's action, and the submissions that changed and then
// adjusted it, in their order.
func (g Group) Steps() (conversion *replay.Step, steps []replay.Step) {
	first := make(map[int64]replay.Step)
	for _, u := range g.Updates {
		if _, found := first[u.Submission]; !found {
			first[u.Submission] = replay.Step{Context: ledger.ApplyContext{Update: u.Number, UpdateVersion: u.Version}}
		}
	}
	for _, d := range g.Adjustments {
		if _, found := first[d.Submission]; !found {
			first[d.Submission] = replay.Step{Context: ledger.ApplyContext{Update: d.Number}}
		}
	}
	for _, s := range g.Submissions {
		step, changed := first[s.Number]
		if !changed {
			continue
		}
		step.Submission, step.Basis, step.Context.At = s.Submission.Submission, s.Outcome.Basis, s.Outcome.Completed
		if s.Number == g.Action.ID.Number {
			conversion = &step
		} else {
			steps = append(steps, step)
		}
	}
	return conversion, steps
}
