package httpapi_test

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/trueup-ledger/trueup/internal/demo"
)

// TestPublishedClients sends the requests of published clients of the Brand API. Each file in
// testdata/clients has the requests of one client, which docs/compatibility.md lists, as the
// client builds them: method, path, headers and body. The file NAME/want has the status of
// the response on its first line, and then what the client reads of it:
//
//	PATH             the value exists
//	PATH = TEXT      the value is the text
//	PATH ~ REGEXP    the value matches
//	each PATH: KEYS  every object of the list has the keys, and there is at least one
//	applied          the submission succeeds
//	rejected CODE    the submission fails with the code
//
// PATH has the names of members and the indexes of lists, separated by spaces. XML is read
// like xmltodict does: attributes begin with "@".
func TestPublishedClients(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/clients/*.txtar")
	if err != nil || len(files) < 10 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(file)
			if err != nil || len(archive.Files) == 0 || len(archive.Files)%2 != 0 {
				t.Fatalf("%d files: %v", len(archive.Files), err)
			}
			s := serve(t)
			vars := s.clientVariables(t)
			for i := 0; i < len(archive.Files); i += 2 {
				request, want := archive.Files[i], archive.Files[i+1]
				if want.Name != request.Name+"/want" {
					t.Fatalf("%s is followed by %s", request.Name, want.Name)
				}
				t.Run(request.Name, func(t *testing.T) {
					s.replayClient(t, vars.Replace(string(request.Data)), vars.Replace(string(want.Data)))
				})
			}
		})
	}
}

// clientVariables returns a replacer of the variables in requests of clients.
func (s *service) clientVariables(t *testing.T) *strings.Replacer {
	t.Helper()
	pairs := []string{
		"{SID}", s.sid, "{AUTH}", base64.StdEncoding.EncodeToString([]byte(s.sid + ":" + s.secret)),
		"{ACTION}", s.action(t, demo.ExampleOrder),
		"{NOW}", time.Now().UTC().Format("2006-01-02T15:04:05Z"),
		"{NOW+00:00}", time.Now().UTC().Format("2006-01-02T15:04:05+00:00"),
		"{NOW.000}", time.Now().UTC().Format("2006-01-02T15:04:05.000Z"),
		"{NOW LOCAL}", time.Now().UTC().AddDate(0, 0, -1).Format("2006-01-02T15:04:05"),
	}
	for _, days := range []int{1, 7, 44, 45, 365, 1095} {
		day := time.Now().UTC().AddDate(0, 0, -days)
		pairs = append(pairs, fmt.Sprintf("{DAY-%d}", days), day.Format("2006-01-02T00:00:00Z"))
	}
	return strings.NewReplacer(pairs...)
}

// replayClient sends a request and checks the response.
func (s *service) replayClient(t *testing.T, request, want string) {
	t.Helper()
	head, body, _ := strings.Cut(request, "\n\n")
	first, headers, _ := strings.Cut(strings.TrimSuffix(head, "\n"), "\n")
	method, path, _ := strings.Cut(first, " ")
	r := httptest.NewRequest(method, path, strings.NewReader(strings.TrimSuffix(body, "\n")))
	for line := range strings.Lines(headers) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		r.Header.Set(name, value)
	}
	w := s.do(r)
	status, checks, _ := strings.Cut(want, "\n")
	if strconv.Itoa(w.Code) != status {
		t.Fatalf("%s: %d, want %s\n%s", first, w.Code, status, w.Body)
	}
	tree, err := parseTree(w.Header().Get("Content-Type"), w.Body.String())
	if err != nil {
		t.Fatal(err)
	}
	for check := range strings.Lines(checks) {
		if problem := s.checkTree(t, tree, strings.TrimSpace(check)); problem != "" {
			t.Errorf("%s: %s\n%.2000s", strings.TrimSpace(check), problem, w.Body)
		}
	}
}

// checkTree makes a check of [TestPublishedClients], and returns what is wrong or "".
func (s *service) checkTree(t *testing.T, tree any, check string) string {
	t.Helper()
	if list, keys, found := strings.Cut(check, ": "); found && strings.HasPrefix(list, "each ") {
		return checkEach(find(tree, strings.TrimPrefix(list, "each ")), strings.Fields(keys))
	}
	if check == "applied" || strings.HasPrefix(check, "rejected ") {
		return s.checkQueued(t, fmt.Sprint(find(tree, "QueuedUri"), find(tree, "ImpactRadiusResponse QueuedUri")), strings.TrimPrefix(strings.TrimPrefix(check, "applied"), "rejected "))
	}
	if path, text, found := strings.Cut(check, " = "); found {
		if got := fmt.Sprint(find(tree, path)); got != text {
			return "is " + got
		}
		return ""
	}
	path, pattern, _ := strings.Cut(check, " ~ ")
	value := find(tree, path)
	if value == nil || !regexp.MustCompile(pattern).MatchString(fmt.Sprint(value)) {
		return fmt.Sprintf("is %v", value)
	}
	return ""
}

// checkQueued checks the outcome of the submission that a response names.
func (s *service) checkQueued(t *testing.T, uri, code string) string {
	t.Helper()
	_, id, _ := strings.Cut(strings.ReplaceAll(uri, "<nil>", ""), "/APISubmissions/")
	s.settle()
	var r submission
	s.read(t, "/APISubmissions/"+strings.TrimSpace(id), &r)
	if r.Status != "Complete" || r.ErrorReason != code {
		return fmt.Sprintf("is %s %s %s", r.Status, r.ErrorReason, r.ErrorMessage)
	}
	return ""
}

func checkEach(list any, keys []string) string {
	objects, ok := list.([]any)
	if !ok {
		objects = []any{list}
	}
	if len(objects) == 0 || objects[0] == nil {
		return "is empty"
	}
	for _, object := range objects {
		for _, key := range keys {
			if find(object, key) == nil {
				return "lacks " + key
			}
		}
	}
	return ""
}

// find returns the value at a path, or nil.
func find(tree any, path string) any {
	for name := range strings.FieldsSeq(path) {
		switch value := tree.(type) {
		case map[string]any:
			tree = value[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(value) {
				return nil
			}
			tree = value[i]
		default:
			return nil
		}
	}
	return tree
}

// parseTree parses JSON or XML.
func parseTree(contentType, body string) (tree any, err error) {
	if strings.Contains(contentType, "json") {
		d := json.NewDecoder(strings.NewReader(body))
		d.UseNumber()
		err = d.Decode(&tree)
		return tree, err
	}
	d := xml.NewDecoder(strings.NewReader(body))
	for {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		if start, ok := token.(xml.StartElement); ok {
			element, err := parseElement(d, start)
			return map[string]any{start.Name.Local: element}, err
		}
	}
}

// parseElement returns the text of an element, or its attributes and elements.
func parseElement(d *xml.Decoder, start xml.StartElement) (any, error) {
	members, text := make(map[string]any), ""
	for _, a := range start.Attr {
		members["@"+a.Name.Local] = a.Value
	}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) || err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.CharData:
			text += string(token)
		case xml.EndElement:
			if len(members) == 0 {
				return text, nil
			}
			return members, nil
		case xml.StartElement:
			value, err := parseElement(d, token)
			if err != nil {
				return nil, err
			}
			switch other := members[token.Name.Local].(type) {
			case nil:
				members[token.Name.Local] = value
			case []any:
				members[token.Name.Local] = append(other, value)
			default:
				members[token.Name.Local] = []any{other, value}
			}
		}
	}
}
