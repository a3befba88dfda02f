package ledger_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/ledger"
)

// declaredCodes returns the constants of type Code in codes.go.
func declaredCodes(t *testing.T) (codes []ledger.Code) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); ok && typ.Name == "Code" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, ledger.Code(text))
		}
		return true
	})
	return codes
}

func TestEveryCodeHasOneRow(t *testing.T) {
	declared, rows := declaredCodes(t), ledger.Codes()
	slices.Sort(declared)
	slices.Sort(rows)
	if !slices.Equal(declared, rows) {
		t.Errorf("declared codes are %q, rows of the table are %q", declared, rows)
	}
}

func TestCodesOfModificationsAreInDocumentedOrder(t *testing.T) {
	rules, err := os.ReadFile("../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(rules), "\n## 8 ")
	section, _, _ = strings.Cut(section, "\n## 9 ")
	var documented []ledger.Code
	for _, match := range regexp.MustCompile("(?m)^[0-9]+\\. `([A-Z_]+)`").FindAllStringSubmatch(section, -1) {
		documented = append(documented, ledger.Code(match[1]))
	}
	var codes []ledger.Code
	for _, code := range ledger.Codes() {
		if code.AppliesTo(ledger.KindModification) {
			codes = append(codes, code)
		}
	}
	if !slices.Equal(documented, codes) {
		t.Errorf("docs/rules.md lists %q, the table %q", documented, codes)
	}
}

func TestErrorTypesOfCodes(t *testing.T) {
	for code, want := range map[ledger.Code]ledger.ErrorType{
		"":                             ledger.NoError,
		ledger.CodeMalformed:           ledger.ErrorValidation,
		ledger.CodePartnerNotActive:    ledger.ErrorContract,
		ledger.CodeContractNotFound:    ledger.ErrorContract,
		ledger.CodeTermsNotFound:       ledger.ErrorContract,
		ledger.CodePromoCodeBlocks:     ledger.ErrorContract,
		ledger.CodePromoCodeRestricted: ledger.ErrorContract,
		ledger.CodeRuleMismatch:        ledger.ErrorContract,
		ledger.CodeRecurrencesReached:  ledger.ErrorContract,
		ledger.CodeOutsideWindow:       ledger.ErrorContract,
		ledger.CodeReferralNotAccepted: ledger.ErrorContract,
		ledger.CodeNoValidReferral:     ledger.ErrorValidation,
		ledger.CodeReferralNotFound:    ledger.ErrorValidation,
		ledger.CodeActionLocked:        ledger.ErrorValidation,
		ledger.CodeParked:              ledger.ErrorInternal,
		"FROM_A_LATER_VERSION":         ledger.ErrorValidation,
	} {
		if got := code.ErrorType(); got != want {
			t.Errorf("error type of %q is %q, want %q", code, got, want)
		}
	}
}

func TestCodesApplyToTheirKinds(t *testing.T) {
	for _, code := range ledger.Codes() {
		conversion := code.AppliesTo(ledger.KindConversion)
		modification := code.AppliesTo(ledger.KindModification)
		if parked := code == ledger.CodeParked; conversion && modification || !parked && !conversion && !modification {
			t.Errorf("%s applies to conversions: %t, to modifications: %t", code, conversion, modification)
		}
		if code.AppliesTo(ledger.KindReversal) != modification || code.AppliesTo(ledger.KindUndo) != modification {
			t.Errorf("%s applies to modifications: %t, but to reversals or undos it differs", code, modification)
		}
	}
}

func TestCodesApplyToConversionsOrAmendments(t *testing.T) {
	for code, want := range map[ledger.Code]struct{ conversion, amendment bool }{
		ledger.CodeConversionDuplicate: {true, false},
		ledger.CodePartnerNotActive:    {true, false},
		ledger.CodeActionLocked:        {false, true},
		ledger.CodeParked:              {false, false},
		"UNKNOWN":                      {false, false},
	} {
		if got := code.AppliesTo(ledger.KindConversion); got != want.conversion {
			t.Errorf("%s applies to conversions: %t", code, got)
		}
		if got := code.AppliesTo(ledger.KindReversal); got != want.amendment {
			t.Errorf("%s applies to reversals: %t", code, got)
		}
	}
}
