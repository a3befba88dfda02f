package httpapi_test

import (
	"strings"
	"testing"
)

func TestSection16TheMessageNamesWhatIsUnknownOrAllowed(t *testing.T) {
	t.Parallel()
	s := serve(t)
	action := s.order(t, "MESSAGES")
	const predefined = "ORDER_UPDATE, ITEM_RETURNED, CONS_FRAUD, CONS_ERROR, ORDER_ERROR, PUB_ACT_DISPUTE, ADV_ACT_DISPUTE, NOT_COMPLIANCE_TERMS, " +
		"ITEM_OUT_OF_STOCK, TEST_ACTION, PARTNER_NOT_ACTIVE, CREDITED_DIFFERENT_MP, OTHER, RESET, HAND_CHECKED, EARLY_PAYMENT"
	for name, c := range map[string]struct{ method, path, body, code, want string }{
		"an unknown event type of a conversion": {
			"POST", "/Conversions", "CampaignId=1000&EventTypeId=77&EventDate=NOW&MediaPartnerId=10001&OrderId=M1&Amount=1",
			"ACTIONTRACKER_NOT_FOUND", "There is no event type 77.",
		},
		"an unknown code of an event type": {
			"POST", "/Conversions", "CampaignId=1000&EventTypeCode=SOLD&EventDate=NOW&MediaPartnerId=10001&OrderId=M1&Amount=1",
			"ACTIONTRACKER_NOT_FOUND", `Campaign 1000 has no event type with the code "SOLD".`,
		},
		"an unknown event type of an order": {
			"PUT", "/Actions", "ActionTrackerId=77&OrderId=MESSAGES&Amount=5&Reason=OTHER", "ACTION_NOT_FOUND", "There is no event type 77.",
		},
		"an unknown order": {
			"PUT", "/Actions", "ActionTrackerId=2240&OrderId=NONE&Amount=5&Reason=OTHER", "ACTION_NOT_FOUND", "No action has this id or order id",
		},
		"a reason for reversals": {
			"PUT", "/Actions", "ActionId=" + action + "&CustomerStatus=NEW&Reason=MP_RETURNED", "REASON_NOT_ALLOWED",
			`"MP_RETURNED" is not allowed here. The codes for event type 2240 are ` + predefined + ".",
		},
		"a reason that reverses, with another change": {
			"PUT", "/Actions", "ActionId=" + action + "&CustomerStatus=NEW&Reason=FAKE_ACCOUNT", "REASON_NOT_ALLOWED", predefined + ".",
		},
		"a custom reason in another case": {
			"PUT", "/Actions", "ActionId=" + action + "&Reason=fake_account", "REASON_NOT_ALLOWED", predefined + ", FAKE_ACCOUNT.",
		},
		"a reason of a reversal": {
			"DELETE", "/Actions", "ActionId=" + action + "&DispositionCode=HAND_CHECKED", "REASON_NOT_ALLOWED", "ADV_ACT_DISPUTE, TEST_ACTION, FAKE_ACCOUNT.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if r := s.submit(t, c.method, c.path, c.body); r.ErrorReason != c.code || !strings.Contains(r.ErrorMessage, c.want) {
				t.Errorf("%s %s, want %s %s", r.ErrorReason, r.ErrorMessage, c.code, c.want)
			}
		})
	}
}
