package wiretest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

// Member is a field of an object.
type Member struct {
	Name string
	// Value is the string or the text of the number.
	Value string
	// Number reports whether the value is a JSON number.
	Number bool
}

// ReadJSON returns the members of a flat JSON object in order.
func ReadJSON(t *testing.T, text []byte) []Member {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if _, err := dec.Token(); err != nil {
		t.Fatal(err)
	}
	var members []Member
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		switch value, err := dec.Token(); v := value.(type) {
		case string:
			members = append(members, Member{name.(string), v, false})
		case json.Number:
			members = append(members, Member{name.(string), v.String(), true})
		default:
			t.Fatalf("%s is %v (%v)", name, value, err)
		}
	}
	return members
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
