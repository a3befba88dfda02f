package wire_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/ledger"
)

func TestSection22Preferences(t *testing.T) {
	type wait struct {
		seconds   int
		preferred bool
	}
	for header, want := range map[string]wait{
		"":                               {},
		"wait=10":                        {10, true},
		"Wait = 10":                      {10, true},
		`wait="10"`:                      {10, true},
		"wait=0":                         {0, true},
		"wait=30":                        {30, true},
		"wait=31":                        {30, true},
		"wait=99999999999999999999":      {30, true},
		"respond-async, wait=5; foo=bar": {5, true},
		"wait=5, wait=6":                 {5, true},
		"wait=x, wait=6":                 {},
		`note="a, wait=9", wait=5`:       {5, true},
		`note="a\", wait=9", wait=5`:     {5, true},
		"wait":                           {},
		"wait=":                          {},
		`wait=""`:                        {},
		"wait=-1":                        {},
		"wait=1.5":                       {},
		"wait=5s":                        {},
		"await=5":                        {},
		`note="wait=5`:                   {},
		";wait=5":                        {},
	} {
		seconds, preferred := wire.PreferredWait([]string{header})
		if got := (wait{seconds, preferred}); got != want {
			t.Errorf("%q is %v, want %v", header, got, want)
		}
	}
	if seconds, preferred := wire.PreferredWait([]string{"respond-async", "wait=7"}); seconds != 7 || !preferred {
		t.Errorf("a second header is %d, %t", seconds, preferred)
	}
}

func TestSection22AnAwaitedSubmissionHasItsRecord(t *testing.T) {
	e := encoder(t, 14)
	s := wire.Submission{ID: "A-1", Account: 7, Command: ledger.Reversal{Reason: "OTHER"}, Payload: "a=b&c=<d>"}
	object := strings.TrimSuffix(strings.TrimPrefix(string(e.AppendSubmission(nil, s)), "<APISubmission>"), "</APISubmission>")
	checkAnswer(t, "XML", e.AppendAwaited(nil, s), xmlHead+"<Status>QUEUED</Status><QueuedUri>/Advertisers/"+sid+
		"/APISubmissions/A-1</QueuedUri><Submission>"+object+"</Submission></ImpactRadiusResponse>")
	e.Format = wire.JSON
	got := e.AppendAwaited(nil, s)
	checkAnswer(t, "JSON", got, `{"Status":"QUEUED","QueuedUri":"/Advertisers/`+sid+`/APISubmissions/A-1","Submission":`+
		string(e.AppendSubmission(nil, s))+`}`)
	if !json.Valid(got) {
		t.Errorf("not JSON: %s", got)
	}
}
