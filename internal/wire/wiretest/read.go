package wiretest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
)

// Member is a field of an object.
type Member struct {
	Name string
	// Value is the string or the text of the number.
	Value string
	// Number reports whether the value is a JSON number or a JSON boolean.
	Number bool
}

// ReadJSON returns the members of a JSON object in order. Of a member that is an object or an
// array it returns the members in it, or an empty one if there are none.
func ReadJSON(t *testing.T, text []byte) []Member {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	members, err := readValue(dec, "")
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return members
}

// readValue reads the value of a member.
func readValue(dec *json.Decoder, name string) (members []Member, err error) {
	value, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch v := value.(type) {
	case string:
		return []Member{{name, v, false}}, nil
	case json.Number:
		return []Member{{name, v.String(), true}}, nil
	case bool:
		return []Member{{name, strconv.FormatBool(v), true}}, nil
	case json.Delim:
		members, err = readMembers(dec, v == '{', name)
	default:
		err = fmt.Errorf("%s is %v", name, value)
	}
	if len(members) == 0 {
		members = []Member{{Name: name}}
	}
	return members, err
}

// readMembers reads the members of an object, or the elements of an array.
func readMembers(dec *json.Decoder, object bool, name string) (members []Member, err error) {
	for dec.More() {
		if object {
			key, err := dec.Token()
			if err != nil {
				return nil, err
			}
			name = key.(string)
		}
		inner, err := readValue(dec, name)
		if err != nil {
			return nil, err
		}
		members = append(members, inner...)
	}
	_, err = dec.Token()
	return members, err
}

// ReadXML returns the elements of an XML document that have no child elements, and the paths
// of all elements, in order.
func ReadXML(t *testing.T, text []byte) (members []Member, paths []string) {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(text))
	var path []string
	content, leaf := "", false
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return members, paths
		}
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			path = append(path, token.Name.Local)
			paths = append(paths, strings.Join(path, "/"))
			content, leaf = "", true
		case xml.CharData:
			content += string(token)
		case xml.EndElement:
			if leaf {
				members = append(members, Member{token.Name.Local, content, false})
			}
			leaf, path = false, path[:len(path)-1]
		}
	}
}
