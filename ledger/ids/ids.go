// Package ids identifies actions, updates and positions in hash chains.
package ids

import (
	"fmt"
	"strconv"
	"strings"
)

// ActionID identifies an action by its campaign, its event type and a number that is
// unique in the account. Its text form is "1000.4636.158133".
type ActionID struct {
	Campaign, EventType, Number int64
}

// String returns the id as text. The zero id is "".
func (id ActionID) String() string {
	if id == (ActionID{}) {
		return ""
	}
	text := make([]byte, 0, 32)
	text = append(strconv.AppendInt(text, id.Campaign, 10), '.')
	text = append(strconv.AppendInt(text, id.EventType, 10), '.')
	return string(strconv.AppendInt(text, id.Number, 10))
}

// ParseActionID parses the text form of an id. It rejects the empty string.
func ParseActionID(s string) (ActionID, error) {
	var n [3]int64
	if err := parseNumbers(s, n[:]); err != nil {
		return ActionID{}, err
	}
	return ActionID{Campaign: n[0], EventType: n[1], Number: n[2]}, nil
}

// MarshalText implements [encoding.TextMarshaler].
func (id ActionID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]. Empty text is the zero id.
func (id *ActionID) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*id = ActionID{}
		return nil
	}
	*id, err = ParseActionID(string(text))
	return err
}

// parseNumbers parses positive numbers of up to 16 digits, separated by dots.
func parseNumbers(s string, numbers []int64) error {
	rest := s
	for i := range numbers {
		part, after, more := strings.Cut(rest, ".")
		n, err := strconv.ParseUint(part, 10, 63)
		if err != nil || len(part) > 16 || part[0] == '0' || more != (i < len(numbers)-1) {
			return fmt.Errorf("%q is not %d numbers separated by dots", s, len(numbers))
		}
		numbers[i], rest = int64(n), after
	}
	return nil
}

// UpdateID identifies an update. Its text form is "1000.4636.158133.95095059".
type UpdateID struct {
	Action ActionID
	Number int64
}

// String returns the id as text. The zero id is "".
func (id UpdateID) String() string {
	if id == (UpdateID{}) {
		return ""
	}
	return id.Action.String() + "." + strconv.FormatInt(id.Number, 10)
}

// ParseUpdateID parses the text form of an id. It rejects the empty string.
func ParseUpdateID(s string) (UpdateID, error) {
	var n [4]int64
	if err := parseNumbers(s, n[:]); err != nil {
		return UpdateID{}, err
	}
	return UpdateID{ActionID{n[0], n[1], n[2]}, n[3]}, nil
}

// MarshalText implements [encoding.TextMarshaler].
func (id UpdateID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]. Empty text is the zero id.
func (id *UpdateID) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*id = UpdateID{}
		return nil
	}
	*id, err = ParseUpdateID(string(text))
	return err
}

// AdjustmentID identifies an adjustment. Its text form is "1000.4636.158133.A95095059".
type AdjustmentID UpdateID

// String returns the id as text. The zero id is "".
func (id AdjustmentID) String() string {
	if id == (AdjustmentID{}) {
		return ""
	}
	return id.Action.String() + ".A" + strconv.FormatInt(id.Number, 10)
}

// ParseAdjustmentID parses the text form of an id. It rejects the empty string.
func ParseAdjustmentID(s string) (AdjustmentID, error) {
	id, err := ParseUpdateID(strings.Replace(s, ".A", ".", 1))
	if err == nil && AdjustmentID(id).String() != s {
		err = fmt.Errorf("%q is not three numbers and an A with a number, separated by dots", s)
	}
	return AdjustmentID(id), err
}
