package ledger_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trueup-ledger/trueup/internal/oracle"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/ledger/rejection"
)

func setAmount(amount string) ledger.Modification {
	return ledger.Modification{Address: theOrder, Reason: "ORDER_UPDATE", Amount: decimal(amount)}
}

// appliedBy applies commands by a version of the rules, and returns the last result: the
// action, or the code of the rejection.
func appliedBy(t *testing.T, rules ledger.Rules, m *oracle.Memory, commands ...ledger.Command) string {
	t.Helper()
	result := ""
	for i, command := range commands {
		at := ordered.Add(time.Duration(i+1) * time.Minute)
		change, err := m.Apply(ledger.Submission{Number: int64(i + 1), Accepted: at, Rules: rules, Command: command}, at)
		var r *rejection.Rejection
		switch {
		case errors.As(err, &r):
			result = string(r.Code)
		case err != nil:
			t.Fatal(err)
		default:
			result = format(change.Action, ordered)
		}
	}
	return result
}

// Each difference of "Versions of the rules" in docs/rules.md.
func TestASubmissionIsDecidedByItsVersionOfTheRules(t *testing.T) {
	twoItems := report("1 × 1 = 10.00", "2 × 1 = 30.00")
	agreed := report("1 × 1 = 10.00", "2 × 1 = 30.00")
	agreed.Inquiry, agreed.Payout = 1, decimal("8.00")
	ofNobody := report("1 × 1 = 10.00")
	ofNobody.Partner, ofNobody.PromoCode, ofNobody.Click = 0, "MADE-UP", "click"
	list := ofNobody
	list.PromoCode, list.Click = "MADE-UP,save10", ""
	fallback := ofNobody
	fallback.PromoCode, fallback.Click = "", "another"
	ofClick, ofCustomer, ofCaller, elsewhere, ofCode, ended := ofNobody, fallback, fallback, fallback, list, list
	ofClick.PromoCode = ""
	ofCustomer.Click, ofCustomer.Customer = "", "customer"
	ofCaller.Click, ofCaller.CallerID = "", "555"
	elsewhere.Click = "elsewhere"
	ofCode.PromoCode, ended.PromoCode = "save10", "GONE"
	ofStatus := report("1 × 1 = 10.00")
	ofStatus.CustomerStatus = "unknown"
	renamed := ledger.Modification{Address: theOrder, Reason: "ORDER_UPDATE", Items: []ledger.ItemChange{{SKU: "1", Name: new("x")}}}
	for name, c := range map[string]struct {
		commands          []ledger.Command
		original, current string
	}{
		"a promo code of nobody falls through to the click": {
			[]ledger.Command{ofNobody},
			"ACTION_REF_NOT_FOUND", "1 × 1 = 10.00 pays 0.40; 10.00 pays 0.40, PENDING",
		},
		"a list of promo codes is read": {
			[]ledger.Command{list},
			"ACTION_REF_NOT_FOUND", "1 × 1 = 10.00 pays 0.40; 10.00 pays 0.40, PENDING",
		},
		"the fallback partner is credited": {
			[]ledger.Command{fallback},
			"ACTION_REF_NOT_FOUND", "1 × 1 = 10.00 pays 0.40; 10.00 pays 0.40, PENDING",
		},
		"a click is found": {
			[]ledger.Command{ofClick},
			"1 × 1 = 10.00 pays 0.40; 10.00 pays 0.40, PENDING", "1 × 1 = 10.00 pays 0.40; 10.00 pays 0.40, PENDING",
		},
		"a click of the customer is found": {
			[]ledger.Command{ofCustomer},
			"1 × 1 = 10.00 pays 0.40; 10.00 pays 0.40, PENDING", "1 × 1 = 10.00 pays 0.40; 10.00 pays 0.40, PENDING",
		},
		"a caller is found": {
			[]ledger.Command{ofCaller},
			"ACTION_REF_NOT_FOUND", "1 × 1 = 10.00 pays 0.40; 10.00 pays 0.40, PENDING",
		},
		"a promo code that has ended is not found": {
			[]ledger.Command{ended},
			"ACTION_REF_NOT_FOUND", "1 × 1 = 10.00 pays 0.40; 10.00 pays 0.40, PENDING",
		},
		"a promo code is found": {
			[]ledger.Command{ofCode},
			"1 × 1 = 10.00 pays 0.40; 10.00 pays 0.40, PENDING", "1 × 1 = 10.00 pays 0.40; 10.00 pays 0.40, PENDING",
		},
		"a click of another campaign is not found": {
			[]ledger.Command{elsewhere},
			"ACTION_REF_NOT_FOUND", "1 × 1 = 10.00 pays 0.40; 10.00 pays 0.40, PENDING",
		},
		"a name does not price the action": {
			[]ledger.Command{report("1 × 1 = 10.00"), renamed},
			"1 × 1 = 10.00 pays 1.00; 10.00 pays 1.00, PENDING", "1 × 1 = 10.00 pays 0.40; 10.00 pays 0.40, PENDING",
		},
		"a fixed payout follows the amount": {
			[]ledger.Command{agreed, setQuantity("2", 0)},
			"1 × 1 = 10.00 pays 1.00, 2 × 0 = 0.00 pays 0.00; 10.00 pays 1.00, PENDING",
			"1 × 1 = 10.00 pays 2.00, 2 × 0 = 0.00 pays 0.00; 10.00 pays 2.00, PENDING",
		},
		"an amount is split by what was reported": {
			[]ledger.Command{twoItems, setAmount("0.01"), setAmount("100.00")},
			"1 × 1 = 0.00 pays 0.00, 2 × 1 = 100.00 pays 10.00; 100.00 pays 10.00, PENDING",
			"1 × 1 = 25.00 pays 2.50, 2 × 1 = 75.00 pays 7.50; 100.00 pays 10.00, PENDING",
		},
		"the present amount changes no line": {
			[]ledger.Command{report("1 × 2 = 10.00"), setQuantity("1", 1), setAmount("5.00"), setQuantity("1", 2), setQuantity("1", 1)},
			"1 × 1 = 5.00 pays 0.50; 5.00 pays 0.50, PENDING", "1 × 1 = 5.00 pays 0.50; 5.00 pays 0.50, PENDING",
		},
		"a conversion with an unknown customer status": {
			[]ledger.Command{ofStatus},
			"1 × 1 = 10.00 pays 0.40; 10.00 pays 0.40, PENDING", "CUSTOMER_STATUS_UNKNOWN",
		},
		"a code that rejects can have an Amount of 0": {
			[]ledger.Command{report("1 × 1 = 10.00"), ledger.Modification{Address: theOrder, Reason: "FAKE", Amount: decimal("0")}},
			"REASON_NOT_ALLOWED", "1 × 0 = 0.00 pays 0.00; 0.00 pays 0.00, REVERSED",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for rules, want := range map[ledger.Rules]string{0: c.current, 1: c.original, ledger.CurrentRules: c.current} {
				if got := appliedBy(t, rules, versionedAccount(t), c.commands...); got != want {
					t.Errorf("version %d: %s, want %s", rules, got, want)
				}
			}
		})
	}
}

// versionedAccount returns an account with attribution keys, a code that rejects, and terms
// that pay 4 % and from the next minute on 10 %.
func versionedAccount(t *testing.T) *oracle.Memory {
	t.Helper()
	ref, err := exampleAccount("USD", program.LevelItem, rate("4"), rate("10")).Reference(ordered)
	if err != nil {
		t.Fatal(err)
	}
	terms := ref.Terms[program.TermsOf{Contract: 1, EventType: sale}]
	terms[1].From = ordered.Add(time.Minute + time.Second)
	e := ref.EventTypes[sale]
	e.Dispositions = []program.Disposition{{Code: "FAKE", Effect: program.EffectReject}, {Code: "HOLD", Effect: program.EffectModify}}
	e.CustomerStatuses = []string{"NEW"}
	ref.EventTypes[sale] = e
	ref.Campaigns[shop] = program.Campaign{ID: shop, Pricing: program.PricingCurrent, FallbackPartner: partnerOne}
	save := program.PromoCode{Campaign: shop, Code: "SAVE10", Partner: partnerOne}
	gone := program.PromoCode{Campaign: shop, Code: "GONE", Partner: partnerOne, End: ordered}
	ref.PromoCodes = map[program.PromoKey]program.PromoCode{save.Key(): save, gone.Key(): gone}
	return oracle.NewMemory(oracle.History{{From: ordered, Reference: ref}}, []program.Click{
		{ID: "click", Campaign: shop, Partner: partnerOne, Customer: "customer", CallerID: "555", At: ordered},
		{ID: "elsewhere", Campaign: shop + 1, Partner: partnerOne, At: ordered},
	})
}

// A repeated amount must neither move a line, nor count, nor price the action again.
func TestThePresentAmountChangesNothing(t *testing.T) {
	for rules, want := range map[ledger.Rules]int{1: 1, ledger.CurrentRules: 0} {
		m := versionedAccount(t)
		appliedBy(t, rules, m, report("1 × 2 = 10.01"), setQuantity("1", 1), setAmount("5.01"))
		if got := m.Actions[0].Modifications - 1; got != want {
			t.Errorf("version %d: the present amount counts %d times, want %d", rules, got, want)
		}
	}
}

// The weights of all items that are left are moved by an amount of one of them, and restored
// by RESET.
func TestWeightsFollowReportedAmounts(t *testing.T) {
	itemAmount := func(sku, amount string) ledger.Command {
		return itemChange(ledger.ItemChange{SKU: sku, Amount: decimal(amount)})
	}
	order := report("1 × 1 = 10.00", "2 × 1 = 30.00")
	for name, c := range map[string]struct {
		commands []ledger.Command
		want     string
	}{
		"an amount of one item makes the present amounts the weights": {
			[]ledger.Command{order, setAmount("0.02"), itemAmount("1", "0.03"), setAmount("100.00")},
			"1 × 1 = 75.00 pays 3.00, 2 × 1 = 25.00 pays 1.00; 100.00 pays 4.00, PENDING",
		},
		"so does a delta": {
			[]ledger.Command{order, setAmount("4.00"), itemChange(ledger.ItemChange{SKU: "1", AmountDelta: decimal("2.00")}), setAmount("100.00")},
			"1 × 1 = 50.00 pays 2.00, 2 × 1 = 50.00 pays 2.00; 100.00 pays 4.00, PENDING",
		},
		"a quantity scales the weight": {
			[]ledger.Command{order, setAmount("0.02"), setQuantity("1", 3), setAmount("100.00")},
			"1 × 3 = 50.00 pays 2.00, 2 × 1 = 50.00 pays 2.00; 100.00 pays 4.00, PENDING",
		},
		"reversing an item moves no weight": {
			[]ledger.Command{order, setAmount("0.02"), itemAmount("1", "0"), setQuantity("1", 1), setAmount("100.00")},
			"1 × 1 = 25.00 pays 1.00, 2 × 1 = 75.00 pays 3.00; 100.00 pays 4.00, PENDING",
		},
		"a reversed item keeps its weight while another is reported": {
			[]ledger.Command{order, setAmount("4.00"), setQuantity("2", 0), itemAmount("1", "10.00"), setQuantity("2", 1), setAmount("100.00")},
			"1 × 1 = 25.00 pays 1.00, 2 × 1 = 75.00 pays 3.00; 100.00 pays 4.00, PENDING",
		},
		"weights of 0 split by quantity": {
			[]ledger.Command{report("1 × 1 = 0.00", "2 × 3 = 0.00"), setAmount("100.00")},
			"1 × 1 = 25.00 pays 1.00, 2 × 3 = 75.00 pays 3.00; 100.00 pays 4.00, PENDING",
		},
		"RESET restores the weights": {
			[]ledger.Command{
				order, setAmount("0.02"), itemAmount("1", "0.03"),
				ledger.Modification{Address: theOrder, Reason: "RESET"},
				setAmount("0.01"), setAmount("100.00"),
			},
			"1 × 1 = 25.00 pays 1.00, 2 × 1 = 75.00 pays 3.00; 100.00 pays 4.00, PENDING",
		},
		"reversed items take no amount": {
			[]ledger.Command{order, setQuantity("1", 0), setQuantity("2", 0), setAmount("100.00")}, "ACTION_REVERSED",
		},
		"a weight over the limit of amounts is too large": {
			[]ledger.Command{
				report("1 × 1 = 999999999999.99", "2 × 1 = 0.00"), setAmount("0.02"), setQuantity("1", 2), setAmount("1.00"),
			}, "AMOUNT_TOO_LARGE",
		},
	} {
		t.Run(name, func(t *testing.T) {
			got := appliedBy(t, 0, exampleAccount("USD", program.LevelItem, rate("4")), c.commands...)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A submission that changes only weights is recorded as one of the action alone, and counts.
func TestAChangeOfWeightsAloneIsRecorded(t *testing.T) {
	m := exampleAccount("USD", program.LevelItem, rate("4"))
	applied(t, m, 1, report("1 × 1 = 10.00", "2 × 1 = 30.00"))
	applied(t, m, 2, setAmount("0.01"))
	report := itemChange(ledger.ItemChange{SKU: "2", Amount: decimal("0.01")})
	change := applied(t, m, 3, report)
	if len(change.Updates) != 1 || change.Updates[0].Item != 0 || change.Updates[0].Delta != (ledger.Totals{}) {
		t.Errorf("updates are %+v, want one of the first item with zero deltas", change.Updates)
	}
	if again := applied(t, m, 4, report); len(again.Updates) != 0 {
		t.Errorf("the same report again changes the action: %+v", again.Updates)
	}
}

// The payout that the conversion fixed follows refunds, whatever is renamed and whatever the
// terms say now.
func TestAFixedPayoutFollowsTheAmount(t *testing.T) {
	free := report("1 × 2 = 0.00", "2 × 1 = 0.00")
	free.Payout = decimal("3.00")
	paid := report("1 × 2 = 20.00", "2 × 1 = 10.00")
	paid.Payout = decimal("7.01")
	for name, c := range map[string]struct {
		commands []ledger.Command
		want     string
	}{
		"a refund":              {[]ledger.Command{paid, setQuantity("2", 0)}, "1 × 2 = 20.00 pays 4.67, 2 × 0 = 0.00 pays 0.00; 20.00 pays 4.67, PENDING"},
		"a refund that returns": {[]ledger.Command{paid, setQuantity("2", 0), setQuantity("2", 1)}, "1 × 2 = 20.00 pays 4.67, 2 × 1 = 10.00 pays 2.34; 30.00 pays 7.01, PENDING"},
		"a larger order":        {[]ledger.Command{paid, setQuantity("1", 4)}, "1 × 4 = 40.00 pays 9.34, 2 × 1 = 10.00 pays 2.34; 50.00 pays 11.68, PENDING"},
		"another category":      {[]ledger.Command{paid, itemChange(ledger.ItemChange{SKU: "1", Category: new("x")})}, "1 × 2 = 20.00 pays 4.67, 2 × 1 = 10.00 pays 2.34; 30.00 pays 7.01, PENDING"},
		"every item reversed":   {[]ledger.Command{paid, setQuantity("1", 0), setQuantity("2", 0)}, "1 × 0 = 0.00 pays 0.00, 2 × 0 = 0.00 pays 0.00; 0.00 pays 0.00, REVERSED"},
		"an order tracked at 0": {[]ledger.Command{free, setQuantity("2", 0)}, "1 × 2 = 0.00 pays 3.00, 2 × 0 = 0.00 pays 0.00; 0.00 pays 3.00, PENDING"},
		"an order tracked at 0, reversed": {
			[]ledger.Command{free, setQuantity("2", 0), setQuantity("1", 0)}, "1 × 0 = 0.00 pays 0.00, 2 × 0 = 0.00 pays 0.00; 0.00 pays 0.00, REVERSED",
		},
		"a payout over the limit": {[]ledger.Command{paid, setAmount("999999999999.00"), setQuantity("1", 9)}, "AMOUNT_TOO_LARGE"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := appliedBy(t, 0, exampleAccount("USD", program.LevelItem, rate("4")), c.commands...); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestAnEventTypeThatListsNoStatusesKnowsAll(t *testing.T) {
	status := ledger.Modification{Address: theOrder, Reason: "ORDER_UPDATE", CustomerStatus: new("VIP")}
	ofStatus := report("1 × 1 = 10.00")
	ofStatus.CustomerStatus = "NEW"
	const accepted = "1 × 1 = 10.00 pays 0.40; 10.00 pays 0.40, PENDING"
	for rules, want := range map[ledger.Rules]string{1: "CUSTOMER_STATUS_UNKNOWN", ledger.CurrentRules: accepted} {
		account := func() *oracle.Memory { return exampleAccount("USD", program.LevelItem, rate("4")) }
		if got := appliedBy(t, rules, account(), ofStatus); got != accepted {
			t.Errorf("version %d: a conversion: %s", rules, got)
		}
		if got := appliedBy(t, rules, account(), report("1 × 1 = 10.00"), status); got != want {
			t.Errorf("version %d: a modification: %s, want %s", rules, got, want)
		}
	}
}
