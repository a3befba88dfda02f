package oracle_test

import (
	"slices"
	"testing"

	"github.com/trueup-ledger/trueup/ledger/rejection"
)

// withAction counts the sequences in which a conversion became an action.
const withAction = "sequence with an action"

// leastSeen is how often a run must see each outcome and each state.
const leastSeen = 20

// outcomes are results of submissions that are not rejections.
var outcomes = []string{
	"Conversion changed", "Modification changed", "Modification unchanged", "Reversal changed", "Reversal unchanged",
	"Undo changed", "Undo unchanged", "update IR_BLANK", "update RECALC_COMM", "update RESET", "update UNDO", "update OKAY",
	"update HOLD", "update Fraudulent", "update of the action alone",
	"Modification adjusted", "Reversal adjusted", "Undo adjusted", "adjustment ORDER_UPDATE", "adjustment RECALC_COMM", "adjustment UNDO",
	"adjustment HOLD", "adjustment Fraudulent", "adjusted payout at its limit", "adjustment by other terms than the conversion",
}

// referenceStates are the states of every kind of reference data.
var referenceStates = []string{
	"currency USD", "currency JPY", "currency KWD", "currency CLF",
	"campaign active", "campaign not active", "campaign unknown",
	"event type active", "event type not active", "event type unknown", "event type of another campaign",
	"event type without a duplicate window", "event type of an action active", "event type of an action not active",
	"partner active", "partner not active", "partner unknown", "partner of an action active", "partner of an action not active",
	"attribution by partner", "attribution by another key", "attribution before an erasure",
	"promo code not started", "promo code without an end", "promo code before its end", "promo code ended", "promo code unknown", "promo code of another campaign",
	"promo codes in a list", "promo code found in a list", "promo code fell through", "click fell through",
	"click by key 0", "click by key 1", "click by key 2", "click by key 3", "fallback partner", "campaign without a fallback partner",
	"rate of the day", "rate of a day before", "rate by way of a third currency",
	"amount in the account's currency", "amount in the original currency",
	"amount of an item in the account's currency", "amount of an item in the original currency",
	"delta of an item in the account's currency", "delta of an item in the original currency",
	"rebate of an item in the account's currency", "rebate of an item in the original currency",
	"scaled amounts that agree", "scaled amounts of a converted line that don't agree", "scaled amounts of a line that don't agree",
	"order without an amount", "discount without a priced line",
	"weight differs from the amount", "weights are all 0", "amount of an action with a fixed payout", "amount 0 with a REJECT code",
	"click known", "click unknown", "click of another campaign",
	"customer referred by CLICK_COOKIE", "customer referred by ACTION", "customer unknown", "customer status given",
	"contract not begun", "contract ended", "no contract in force", "several contracts in force",
	"terms absent", "terms not begun", "terms of an action in force", "terms of an action ended",
	"level ITEM", "level ORDER", "payout flat", "payout rate", "payout capped", "payout groups",
	"locking after days", "locking on a day of a month", "locking open-ended",
	"pricing current", "pricing tracked",
	"disposition MODIFY", "disposition APPROVE", "disposition REJECT",
	"modification limit of the account", "modification limit of the action",
}

// checkComplete fails the test unless the run saw every rejection code that a rule
// gives, every outcome and every state of reference data.
func (c *counts) checkComplete(t *testing.T, scenarios int) {
	t.Helper()
	for _, name := range c.names() {
		t.Logf("%-45s %8d", name, c.of[name])
	}
	if sequences := sequencesPerScenario * scenarios; c.of[withAction] < sequences*9/10 {
		t.Errorf("only %d of %d sequences have an action", c.of[withAction], sequences)
	}
	for _, name := range append(outcomes, referenceStates...) {
		c.checkSeen(t, name)
	}
	for _, code := range rejectionCodes() {
		c.checkSeen(t, string(code))
	}
}

func (c *counts) checkSeen(t *testing.T, name string) {
	t.Helper()
	if c.of[name] < leastSeen {
		t.Errorf("%s was seen %d times, want at least %d: the sequences don't cover it", name, c.of[name], leastSeen)
	}
}

// withoutRule are the codes that no rule returns: of those in the protocol for which
// there is no rule, and of submissions that the program failed to apply.
var withoutRule = []rejection.Code{
	rejection.CodeSourceBlocked, rejection.CodePromoCodeBlocks, rejection.CodeRuleMismatch, rejection.CodeRecurrencesReached,
	rejection.CodeNoValidReferral, rejection.CodeOutsideWindow, rejection.CodeReferralNotAccepted, rejection.CodePromoCodeRestricted,
	rejection.CodeParked, rejection.CodeNoItem,
}

// rejectionCodes returns the codes that a rule returns.
func rejectionCodes() []rejection.Code {
	return slices.DeleteFunc(rejection.Codes(), func(c rejection.Code) bool { return slices.Contains(withoutRule, c) })
}
