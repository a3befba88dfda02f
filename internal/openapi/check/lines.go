package check

import (
	"encoding/json"
	"errors"
	"io"

	"github.com/pb33f/libopenapi-validator/content"
)

// decodeLines decodes JSON lines as an array, as which the document describes them.
func decodeLines(input *content.DecodeInput) (any, error) {
	lines := []any{}
	for decoder := json.NewDecoder(input.Body); ; {
		var line any
		if err := decoder.Decode(&line); errors.Is(err, io.EOF) {
			return lines, nil
		} else if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
}
