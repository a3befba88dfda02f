package wiretest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"testing"
)

// NodeKind is the type of a JSON value. Nodes of XML are [String] or [Nested].
type NodeKind int

// The kinds of nodes.
const (
	String NodeKind = iota
	JSONNumber
	JSONBoolean
	Array
	Nested
)

// Node is a JSON value with its name, or an XML element. Its children are in the order of
// the text.
type Node struct {
	Name, Text string
	Kind       NodeKind
	Children   []Node
}

// ReadJSONTree parses a JSON object.
func ReadJSONTree(t testing.TB, text []byte) Node {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	n, err := readJSONNode(d, "")
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return n
}

func readJSONNode(d *json.Decoder, name string) (Node, error) {
	n := Node{Name: name}
	token, err := d.Token()
	switch v := token.(type) {
	case string:
		n.Text = v
	case json.Number:
		n.Kind, n.Text = JSONNumber, v.String()
	case bool:
		n.Kind = JSONBoolean
	case json.Delim:
		n.Kind = Array
		if v == '{' {
			n.Kind = Nested
		}
		for err == nil && d.More() {
			var key json.Token = ""
			if n.Kind == Nested {
				key, err = d.Token()
			}
			var child Node
			if err == nil {
				child, err = readJSONNode(d, key.(string))
			}
			n.Children = append(n.Children, child)
		}
		if err == nil {
			_, err = d.Token()
		}
	}
	return n, err
}

// ReadXMLTree parses an XML document and returns its root.
func ReadXMLTree(t testing.TB, text []byte) Node {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(text))
	stack := []Node{{}}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && len(stack) == 1 && len(stack[0].Children) == 1 {
			return stack[0].Children[0]
		}
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		top := len(stack) - 1
		switch token := token.(type) {
		case xml.StartElement:
			stack = append(stack, Node{Name: token.Name.Local})
		case xml.CharData:
			stack[top].Text += string(token)
		case xml.EndElement:
			n := stack[top]
			if len(n.Children) > 0 {
				n.Kind = Nested
			}
			stack = stack[:top]
			stack[top-1].Children = append(stack[top-1].Children, n)
		}
	}
}
