package submissions

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// TestStoredCodesKeepTheirMeaning reads a code of each fragment. Lines of the file are only
// added: the codes are stored.
func TestStoredCodesKeepTheirMeaning(t *testing.T) {
	dictionaries := map[string]*column.Dictionary{"kinds": kinds, "commands": commands, "payloads": payloads}
	file, err := os.Open("testdata/codes.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	lines := 0
	for scanner := bufio.NewScanner(file); scanner.Scan(); lines++ {
		var name, code, fragment string
		if _, err := fmt.Sscanf(scanner.Text(), "%s %q %q", &name, &code, &fragment); err != nil {
			t.Fatal(scanner.Text(), err)
		}
		if got := dictionaries[name].Expand(code); got != fragment {
			t.Errorf("the code %q of %s means %q, want %q", code, name, got, fragment)
		}
		if got := dictionaries[name].Shorten(fragment); got != code {
			t.Errorf("%q of %s is stored as %q, want %q", fragment, name, got, code)
		}
	}
	if lines < 138 {
		t.Errorf("%d codes, want more", lines)
	}
}

// TestSubmissionsAreStoredInHalfTheirBytes bounds what the columns command and payload of a
// usual modification take.
func TestSubmissionsAreStoredInHalfTheirBytes(t *testing.T) {
	quantity := int64(3)
	s := store.Submission{
		Submission: ledger.Submission{Command: ledger.Modification{
			Address: ledger.Address{Action: ids.ActionID{Campaign: 1000, EventType: 2240, Number: 43031}}, Reason: ledger.ReasonOrderUpdate,
			Items: []ledger.ItemChange{{Number: 1, SKU: "SKU-1", Quantity: &quantity}},
		}},
		Payload: "ActionId=1000.2240.43031&Reason=ORDER_UPDATE&Sku=SKU-1&Quantity=3",
	}
	text, err := json.Marshal(s.Command)
	if err != nil {
		t.Fatal(err)
	}
	stored := len(commands.Shorten(string(text))) + len(payloads.Shorten(s.Payload))
	if full := len(text) + len(s.Payload); stored*2 > full {
		t.Errorf("%d bytes are stored as %d: %q", full, stored, commands.Shorten(string(text)))
	}
}

func FuzzStoredTexts(f *testing.F) {
	f.Add(`{"Campaign":1,"EventDate":"2026-11-02T10:00:00Z","Order":"a","Lines":[{"Number":1,"SKU":"b"}]}`)
	f.Add("ActionId=1.2.3&Reason=ORDER_UPDATE&Sku=b&Quantity=3")
	f.Fuzz(func(t *testing.T, text string) {
		for _, d := range []*column.Dictionary{commands, payloads} {
			if got := d.Expand(d.Shorten(text)); got != text {
				t.Errorf("got %q, want %q", got, text)
			}
			if !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' }) && d.Expand(text) != text {
				t.Errorf("%q, as an older program stored it, is read as %q", text, d.Expand(text))
			}
		}
	})
}
