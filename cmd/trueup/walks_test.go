package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// pages walks a list as one kind of reader does.
type pages struct {
	credentials
	// key is the array's name.
	key string
	// seen counts how often each object was on a page, by its Id.
	seen map[string]int
	// total is what the last page said there are, read how many pages there were.
	total, read int
}

// page is what a reader needs of an answer.
type page struct {
	Next     string `json:"@nextpageuri"`
	NumPages string `json:"@numpages"`
	Total    string `json:"@total"`
	objects  []struct{ Id, Sku, BatchId string }
}

// get reads a page and notes what is on it.
func (w *pages) get(uri string) (page, error) {
	req, err := w.request(http.MethodGet, uri, nil)
	if err != nil {
		return page{}, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return page{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %d %s", uri, resp.StatusCode, body)
	}
	if err != nil {
		return page{}, err
	}
	var p page
	var arrays map[string]json.RawMessage
	if err := json.Unmarshal(body, &p); err != nil {
		return page{}, err
	}
	if err := json.Unmarshal(body, &arrays); err != nil {
		return page{}, err
	}
	if err := json.Unmarshal(arrays[w.key], &p.objects); err != nil {
		return page{}, fmt.Errorf("the array %q: %w", w.key, err)
	}
	for _, o := range p.objects {
		w.seen[o.Id+o.Sku+o.BatchId]++
	}
	w.read++
	w.total, err = strconv.Atoi(p.Total)
	return p, err
}

// follow goes from page URI to page URI, untouched, until there is none.
func (w *pages) follow(uri string) error {
	at, err := url.Parse(uri)
	if err != nil {
		return err
	}
	for next := uri; next != ""; {
		p, err := w.get(next)
		if err != nil {
			return err
		}
		if next = ""; p.Next != "" {
			next = at.Scheme + "://" + at.Host + p.Next
		}
	}
	return nil
}

// count asks for page after page by its number, up to the number of pages that the
// first one told.
func (w *pages) count(uri string) error {
	for number, last := 1, 1; number <= last; number++ {
		p, err := w.get(uri + "&Page=" + strconv.Itoa(number))
		if err != nil {
			return err
		}
		if number == 1 {
			if last, err = strconv.Atoi(p.NumPages); err != nil {
				return err
			}
		}
	}
	return nil
}

// twice answers what was seen more than once.
func (w *pages) twice() (ids []string) {
	for id, times := range w.seen {
		if times > 1 {
			ids = append(ids, id)
		}
	}
	return ids
}

// walkCommand makes "follow VARIABLE KEY URI" and "count VARIABLE KEY URI": they read a
// list to its end, with the caller in $AUTH, and put the number of its objects into
// the variable. The script fails if one is seen twice or fewer are than the list says.
func walkCommand(walk func(w *pages, uri string) error) func(ts *testscript.TestScript, neg bool, args []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 3 {
			ts.Fatalf("usage: follow|count VARIABLE KEY URI")
		}
		w := &pages{key: args[1], seen: make(map[string]int)}
		w.sid, w.secret, _ = strings.Cut(ts.Getenv("AUTH"), ":")
		ts.Check(walk(w, args[2]))
		if twice := w.twice(); len(twice) > 0 || len(w.seen) != w.total {
			ts.Fatalf("saw %d of %d, and twice: %v", len(w.seen), w.total, twice)
		}
		ts.Logf("%d objects on %d pages", len(w.seen), w.read)
		ts.Setenv(args[0], strconv.Itoa(len(w.seen)))
	}
}

// daysCommand is "days VARIABLE N": the instant so many days from now.
func daysCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: days VARIABLE N")
	}
	days, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Setenv(args[0], time.Now().UTC().AddDate(0, 0, days).Format(time.RFC3339))
}

// valueCommand is "value VARIABLE NAME": the first member with the name in the last
// output, a JSON text, at any depth.
func valueCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: value VARIABLE NAME")
	}
	_, rest, found := strings.Cut(ts.ReadFile("stdout"), strconv.Quote(args[1])+":")
	if !found {
		ts.Fatalf("the output has no %q", args[1])
	}
	var value any
	decoder := json.NewDecoder(strings.NewReader(rest))
	decoder.UseNumber()
	ts.Check(decoder.Decode(&value))
	ts.Setenv(args[0], fmt.Sprint(value))
}
