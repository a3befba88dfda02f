package codec

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"iter"
)

// Page returns the array with a key of a page of a list, and the URI of the next page, which is empty
// for the last one.
func Page(body []byte, key string) (array json.RawMessage, next string, err error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		return nil, "", err
	}
	array, found := members[key]
	if !found {
		return nil, "", fmt.Errorf("there is no %s", key)
	}
	if raw, found := members["@nextpageuri"]; found {
		if err := Decode(raw, &next, ""); err != nil {
			return nil, "", fmt.Errorf("@nextpageuri: %w", err)
		}
	}
	return array, next, nil
}

// maxLine is the maximum size of a line of JSON lines.
const maxLine = 1 << 20

// Lines returns the objects of JSON lines. It ends after an error.
func Lines[T any](r io.Reader) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		lines := bufio.NewScanner(r)
		lines.Buffer(nil, maxLine)
		for lines.Scan() {
			var object T
			if err := Decode(lines.Bytes(), &object, ""); !yield(object, err) || err != nil {
				return
			}
		}
		if err := lines.Err(); err != nil {
			var none T
			yield(none, err)
		}
	}
}
