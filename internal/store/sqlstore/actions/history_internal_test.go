package actions

import (
	"database/sql"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
	"github.com/trueup-ledger/trueup/ledger"
)

// TestStoredCodesKeepTheirMeaning has each code of the column replaced. Lines are only added:
// the codes are stored.
func TestStoredCodesKeepTheirMeaning(t *testing.T) {
	const codes = `
"\x01" {"g":
"\x02" ,"c":"
"\x03" ,"q":
"\x04" ","q":
"\x05" ,"a":
"\x06" ","a":
"\x07" ,"la":
"\x08" ,"lq":
"\x09" {"g":1,"q":
"\x0a" {"g":1,"c":"
"\x0b" ,"at":
"\x0c" ,"why":"
"\x0d" ","ag":
"\x0e" ,"ag":
"\x0f" {"ag":
"\x10" ,"ac":"
"\x11" ,"status":"
"\x12" ","status":"
"\x13" ,"disposition":"
"\x14" ","disposition":"
"\x15" {"ag":1,"status":"
"\x1e!" "name":"
"\x1e\"" "category":"
"\x1e#" "rebate":
"\x1e$" "wa":
"\x1e%" "wq":
"\x1e&" "weights":[
"\x1e'" {"Item":
"\x1e(" "Weight":{
"\x1e)" "Change":
"\x1e*" "Amount":"
"\x1e+" "Quantity":
"\x1e," "reversed":true
"\x1e-" "locking":
"\x1e." "open":true
"\x1e/" "fee":
"\x1e0" ORDER_UPDATE"
"\x1e1" ITEM_RETURNED"
"\x1e2" RETURNED"
"\x1e3" REJECTED"
"\x1e4" IR_BLANK"`
	for line := range strings.Lines(strings.TrimSpace(codes)) {
		code, fragment, _ := strings.Cut(strings.TrimSpace(line), " ")
		if code, err := strconv.Unquote(code); err != nil || replacedTexts.Expand(code) != fragment || replacedTexts.Shorten(fragment) != code {
			t.Errorf("%q means %q, want %q (%v)", code, replacedTexts.Expand(code), fragment, err)
		}
	}
}

// TestWhatASubmissionReplacedIsStoredInHalfItsBytes bounds the column of a usual modification,
// and reads it as an older program stored it.
func TestWhatASubmissionReplacedIsStoredInHalfItsBytes(t *testing.T) {
	const text = `{"g":1,"c":"12345","q":2,"a":6580,"la":6580,"lq":2}`
	stored := replacedTexts.Shorten(text)
	if len(stored)*2 > len(text) {
		t.Errorf("%d bytes are stored as %d: %q", len(text), len(stored), stored)
	}
	var before [2]ledger.Update
	for i, src := range []string{stored, text} {
		table := column.Table[recorded]{Columns: []column.Column[recorded]{replacedColumn}}
		dest := table.Dest(&recorded{Update: &before[i]})
		if err := dest[0].(sql.Scanner).Scan(src); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(before[0], before[1]); diff != "" || before[0].Before.Item.State.Amount != 6580 {
		t.Errorf("the texts differ (-stored +text):\n%s", diff)
	}
}
