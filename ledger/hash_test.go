package ledger_test

import (
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/ledger/ids"
)

func TestAHashIsReadAsItIsWritten(t *testing.T) {
	want := ids.Hash{1, 2, 255}
	text, err := want.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var got ids.Hash
	if err := got.UnmarshalText(text); err != nil || got != want {
		t.Errorf("%s is read as %x (%v)", text, got, err)
	}
	for name, text := range map[string]string{
		"too short":           strings.Repeat("0", 62),
		"too long":            strings.Repeat("0", 64) + "zz",
		"no hexadecimal text": strings.Repeat("z", 64),
	} {
		if err := new(ids.Hash).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("a hash that is %s is read", name)
		}
	}
}
