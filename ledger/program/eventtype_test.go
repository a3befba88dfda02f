package program_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestListedCodesAreBounded(t *testing.T) {
	var e program.EventType
	for i := range 30 {
		effect := program.EffectModify
		if i%5 == 0 {
			effect = program.EffectReject
		}
		e.Dispositions = append(e.Dispositions, program.Disposition{Code: fmt.Sprintf("C%d", i), Effect: effect})
	}
	got := e.ListCodes([]string{"OTHER"}, func(effect program.Effect) bool { return effect != program.EffectReject })
	if codes := strings.Split(got, ", "); len(codes) != 22 || codes[0] != "OTHER" || codes[1] != "C1" || codes[21] != "and others" {
		t.Errorf("%q", codes)
	}
	if got := e.ListCodes(nil, func(effect program.Effect) bool { return effect == program.EffectReject }); got != "C0, C5, C10, C15, C20, C25" {
		t.Errorf("%q", got)
	}
}
