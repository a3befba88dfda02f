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

// paginator reads a list page by page.
type paginator struct {
	credentials
	// key is the name of the array.
	key string
	// seen counts the occurrences of each object by its id.
	seen map[string]int
	// total is the number of objects according to the last page, read the number of pages.
	total, read int
}

// page is a page of a list.
type page struct {
	Next     string `json:"@nextpageuri"`
	NumPages string `json:"@numpages"`
	Total    string `json:"@total"`
	objects  []struct{ Id, Sku, BatchId string }
}

// get reads a page and counts its objects.
func (p *paginator) get(uri string) (page, error) {
	req, err := p.request(http.MethodGet, uri, nil)
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
	var got page
	var arrays map[string]json.RawMessage
	if err := json.Unmarshal(body, &got); err != nil {
		return page{}, err
	}
	if err := json.Unmarshal(body, &arrays); err != nil {
		return page{}, err
	}
	if err := json.Unmarshal(arrays[p.key], &got.objects); err != nil {
		return page{}, fmt.Errorf("the array %q: %w", p.key, err)
	}
	for _, o := range got.objects {
		p.seen[o.Id+o.Sku+o.BatchId]++
	}
	p.read++
	p.total, err = strconv.Atoi(got.Total)
	return got, err
}

// follow reads the list by following the URI of the next page.
func (p *paginator) follow(uri string) error {
	at, err := url.Parse(uri)
	if err != nil {
		return err
	}
	for next := uri; next != ""; {
		got, err := p.get(next)
		if err != nil {
			return err
		}
		if next = ""; got.Next != "" {
			next = at.Scheme + "://" + at.Host + got.Next
		}
	}
	return nil
}

// count reads the list by page number, up to the number of pages on the first page.
func (p *paginator) count(uri string) error {
	for number, last := 1, 1; number <= last; number++ {
		got, err := p.get(uri + "&Page=" + strconv.Itoa(number))
		if err != nil {
			return err
		}
		if number == 1 {
			if last, err = strconv.Atoi(got.NumPages); err != nil {
				return err
			}
		}
	}
	return nil
}

// duplicates returns the ids that were seen more than once.
func (p *paginator) duplicates() (ids []string) {
	for id, times := range p.seen {
		if times > 1 {
			ids = append(ids, id)
		}
	}
	return ids
}

// paginateCommand implements "follow VARIABLE KEY URI" and "count VARIABLE KEY URI". They
// read a list with the credentials in AUTH and set the variable to the number of objects.
// They fail if an object is seen twice or if the total of the list is different.
func paginateCommand(paginate func(p *paginator, uri string) error) func(ts *testscript.TestScript, neg bool, args []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg || len(args) != 3 {
			ts.Fatalf("usage: follow|count VARIABLE KEY URI")
		}
		p := &paginator{key: args[1], seen: make(map[string]int)}
		p.sid, p.secret, _ = strings.Cut(ts.Getenv("AUTH"), ":")
		ts.Check(paginate(p, args[2]))
		if duplicates := p.duplicates(); len(duplicates) > 0 || len(p.seen) != p.total {
			ts.Fatalf("%d objects of %d, seen twice: %v", len(p.seen), p.total, duplicates)
		}
		ts.Logf("%d objects on %d pages", len(p.seen), p.read)
		ts.Setenv(args[0], strconv.Itoa(len(p.seen)))
	}
}

// daysCommand implements "days VARIABLE N". It sets the variable to the time N days from
// now.
func daysCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: days VARIABLE N")
	}
	days, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Setenv(args[0], time.Now().UTC().AddDate(0, 0, days).Format(time.RFC3339))
}

// valueCommand implements "value VARIABLE NAME". It sets the variable to the first member
// with the name in the last output, which must be JSON.
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
