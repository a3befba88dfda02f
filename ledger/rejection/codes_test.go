package rejection_test

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

	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// declaredCodes returns the constants of type Code in codes.go.
func declaredCodes(t *testing.T) (codes []rejection.Code) {
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
			codes = append(codes, rejection.Code(text))
		}
		return true
	})
	return codes
}

func TestEveryCodeHasOneRow(t *testing.T) {
	declared, rows := declaredCodes(t), rejection.Codes()
	slices.Sort(declared)
	slices.Sort(rows)
	if !slices.Equal(declared, rows) {
		t.Errorf("declared codes are %q, rows of the table are %q", declared, rows)
	}
}

func TestCodesOfModificationsAreInDocumentedOrder(t *testing.T) {
	rules, err := os.ReadFile("../../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(rules), "\n## 8 ")
	section, _, _ = strings.Cut(section, "\n## 9 ")
	var documented []rejection.Code
	for _, match := range regexp.MustCompile("(?m)^[0-9]+\\. `([A-Z_]+)`").FindAllStringSubmatch(section, -1) {
		documented = append(documented, rejection.Code(match[1]))
	}
	var codes []rejection.Code
	for _, code := range rejection.Codes() {
		if code.AppliesTo(false) {
			codes = append(codes, code)
		}
	}
	if !slices.Equal(documented, codes) {
		t.Errorf("docs/rules.md lists %q, the table %q", documented, codes)
	}
}

func TestErrorTypesOfCodes(t *testing.T) {
	for code, want := range map[rejection.Code]rejection.ErrorType{
		"":                                rejection.NoError,
		rejection.CodeMalformed:           rejection.ErrorValidation,
		rejection.CodePartnerNotActive:    rejection.ErrorContract,
		rejection.CodeContractNotFound:    rejection.ErrorContract,
		rejection.CodeTermsNotFound:       rejection.ErrorContract,
		rejection.CodePromoCodeBlocks:     rejection.ErrorContract,
		rejection.CodePromoCodeRestricted: rejection.ErrorContract,
		rejection.CodeRuleMismatch:        rejection.ErrorContract,
		rejection.CodeRecurrencesReached:  rejection.ErrorContract,
		rejection.CodeOutsideWindow:       rejection.ErrorContract,
		rejection.CodeReferralNotAccepted: rejection.ErrorContract,
		rejection.CodeNoValidReferral:     rejection.ErrorValidation,
		rejection.CodeReferralNotFound:    rejection.ErrorValidation,
		rejection.CodeActionLocked:        rejection.ErrorValidation,
		rejection.CodeParked:              rejection.ErrorInternal,
		"FROM_A_LATER_VERSION":            rejection.ErrorValidation,
	} {
		if got := code.ErrorType(); got != want {
			t.Errorf("error type of %q is %q, want %q", code, got, want)
		}
	}
}

func TestCodesApplyToTheirKinds(t *testing.T) {
	for _, code := range rejection.Codes() {
		conversion := code.AppliesTo(true)
		modification := code.AppliesTo(false)
		if parked := code == rejection.CodeParked; conversion && modification || !parked && !conversion && !modification {
			t.Errorf("%s applies to conversions: %t, to modifications: %t", code, conversion, modification)
		}
	}
}

func TestCodesApplyToConversionsOrAmendments(t *testing.T) {
	for code, want := range map[rejection.Code]struct{ conversion, amendment bool }{
		rejection.CodeConversionDuplicate: {true, false},
		rejection.CodePartnerNotActive:    {true, false},
		rejection.CodeActionLocked:        {false, true},
		rejection.CodeParked:              {false, false},
		"UNKNOWN":                         {false, false},
	} {
		if got := code.AppliesTo(true); got != want.conversion {
			t.Errorf("%s applies to conversions: %t", code, got)
		}
		if got := code.AppliesTo(false); got != want.amendment {
			t.Errorf("%s applies to reversals: %t", code, got)
		}
	}
}

func TestEveryCodeHasARemedy(t *testing.T) {
	for _, code := range rejection.Codes() {
		field, remedy := code.Help()
		if !strings.HasSuffix(remedy, ".") || strings.ToUpper(remedy[:1]) != remedy[:1] || strings.ContainsAny(field, " .") {
			t.Errorf("the help of %s is %q, %q", code, field, remedy)
		}
	}
	if field, remedy := rejection.Code("UNKNOWN").Help(); field != "" || remedy != "" {
		t.Errorf("the help of an unknown code is %q, %q", field, remedy)
	}
}
