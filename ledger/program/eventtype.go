package program

import (
	"slices"
	"strings"
)

// EventType is a kind of event that earns a payout, such as a sale. The wire calls it an
// action tracker.
type EventType struct {
	ID, Campaign     int64
	Name, Code       string
	State            string
	CustomerStatuses []string
	Dispositions     []Disposition
	// DuplicateDays is the window in which an order id is accepted once. Zero disables the
	// check.
	DuplicateDays int
}

// DefaultDuplicateDays is the [EventType.DuplicateDays] of an event type that
// doesn't set it.
const DefaultDuplicateDays = 365

// EffectOf returns the effect of a custom disposition code and reports whether the
// event type has it.
func (e EventType) EffectOf(code string) (Effect, bool) {
	for _, d := range e.Dispositions {
		if d.Code == code {
			return d.Effect, true
		}
	}
	return "", false
}

// ModificationReasons are the reasons of modifications that the protocol defines.
var ModificationReasons = []string{
	"ORDER_UPDATE", "ITEM_RETURNED", "CONS_FRAUD", "CONS_ERROR", "ORDER_ERROR", "PUB_ACT_DISPUTE",
	"ADV_ACT_DISPUTE", "NOT_COMPLIANCE_TERMS", "ITEM_OUT_OF_STOCK", "TEST_ACTION", "PARTNER_NOT_ACTIVE",
	"CREDITED_DIFFERENT_MP", "OTHER", "RESET",
}

// ReversalReasons are the reasons of reversals that the protocol defines.
var ReversalReasons = []string{
	"REJECTED", "CONS_INFO_INVALID", "CONS_ERROR", "CONS_FRAUD", "ITEM_RETURNED", "ITEM_OUT_OF_STOCK",
	"ORDER_ERROR", "PUB_ACT_DISPUTE", "NOT_COMPLIANCE_TERMS", "MP_RETURNED", "OTHER",
	"CREDITED_DIFFERENT_MP", "ADV_ACT_DISPUTE", "TEST_ACTION",
}

// maxListedCodes bounds the custom codes that a message lists.
const maxListedCodes = 20

// ListCodes returns the predefined codes and the custom ones with an allowed effect, as a
// message lists them.
func (e EventType) ListCodes(predefined []string, allowed func(Effect) bool) string {
	codes := slices.Clone(predefined)
	for _, d := range e.Dispositions {
		if !allowed(d.Effect) {
			continue
		}
		if len(codes) == len(predefined)+maxListedCodes {
			codes = append(codes, "and others")
			break
		}
		codes = append(codes, d.Code)
	}
	return strings.Join(codes, ", ")
}

// Disposition is a custom reason code of an event type.
type Disposition struct {
	// Code is case-sensitive and has at most 64 characters.
	Code, Name string
	Effect     Effect
}

// Effect is the effect of a custom disposition code on an action.
type Effect string

// The effects. MODIFY records the code, APPROVE also locks the action at once, and
// REJECT reverses it.
const (
	EffectModify  Effect = "MODIFY"
	EffectApprove Effect = "APPROVE"
	EffectReject  Effect = "REJECT"
)

// Effects lists every Effect.
var Effects = []Effect{EffectModify, EffectApprove, EffectReject}

// KnowsCustomerStatus reports whether the event type has the status. An event type that
// lists no statuses knows every one.
func (e EventType) KnowsCustomerStatus(status string) bool {
	return len(e.CustomerStatuses) == 0 || slices.Contains(e.CustomerStatuses, status)
}
