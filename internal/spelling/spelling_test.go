package spelling_test

import (
	"testing"

	"github.com/trueup-ledger/trueup/internal/spelling"
)

func TestNearestIsTheNameThatDiffersLeast(t *testing.T) {
	candidates := []string{"ItemSubTotal", "Amount", "Reason", "Text1", "Text2"}
	for name, want := range map[string]string{
		"itemsubtotl2": "ItemSubTotal", "Item Sub-Total": "ItemSubTotal", "Amonut": "Amount", "Season": "", "Text_2": "Text2", "Texts1": "Text1", "": "",
	} {
		if got := spelling.Nearest(name, candidates); got != want {
			t.Errorf("nearest to %q is %q, want %q", name, got, want)
		}
	}
}
