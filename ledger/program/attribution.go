package program

import (
	"errors"
	"strings"
	"time"
	"unicode"
)

// ErrNotFound is returned by lookups that find nothing.
var ErrNotFound = errors.New("not found")

// AttributionKeys are the keys of a conversion that can identify the partner to credit.
type AttributionKeys struct {
	Campaign int64
	// At is the instant of the order, for the ends of promo codes.
	At time.Time
	// Partner is credited by an inquiry if Inquiry is true.
	Partner int64
	Inquiry bool
	// PromoCode can have several codes, separated by commas or blanks.
	PromoCode                                                  string
	Click, CustomClick, UniqueURL, Customer, Profile, CallerID string
}

// Attribution is the partner that keys identify, or 0, and why. Its JSON form is stored.
type Attribution struct {
	Partner int64 `json:",omitzero"`
	// Type is the ReferringType on the wire.
	Type string `json:",omitzero"`
	// Date is the instant of the click or action, if there was one.
	Date time.Time `json:",omitzero"`
	// PromoCode is the code that identified the partner, or else the codes as they were sent.
	PromoCode string `json:",omitzero"`
}

// ClickLookup finds clicks. A method that finds nothing returns [ErrNotFound].
type ClickLookup interface {
	// Click returns the click with the id.
	Click(id string) (Click, error)
	// ClickBy returns the newest click of the campaign with the value of the key, which is
	// not empty.
	ClickBy(campaign int64, key ClickKey, value string) (Click, error)
	// Referral returns the newest click or action of the customer in the campaign. An
	// action is returned as a click at its EventDate with an empty ID.
	Referral(campaign int64, customer string) (Click, error)
}

// The values of [Attribution.Type].
const (
	referralReported  = "REPORTED_PARTNER_ID"
	referralInquiry   = "ACTION_INQUIRY"
	referralPromoCode = "PROMOCODE"
	referralClick     = "CLICK_COOKIE"
	referralAction    = "ACTION"
	referralCall      = "CALL"
)

// Attribute returns the partner that the keys name, or else the one that the first of the other
// keys finds, or else the campaign's fallback partner (docs/rules.md, section 2).
func (k AttributionKeys) Attribute(clicks ClickLookup, r *Reference) (Attribution, error) {
	if k.Partner != 0 {
		return k.reported(), nil
	}
	if partner, code := k.promo(r); code != "" {
		return Attribution{Partner: partner, Type: referralPromoCode, PromoCode: code}, nil
	}
	for _, f := range k.clickFinders(clicks) {
		click, err := f.find()
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return Attribution{}, err
		}
		if _, known := r.Partners[click.Partner]; known && click.Campaign == k.Campaign {
			return k.byClick(f, click), nil
		}
	}
	return Attribution{Partner: r.Campaigns[k.Campaign].FallbackPartner, Type: referralReported, PromoCode: k.PromoCode}, nil
}

// AttributeByFirst is Attribute for version 1 of the rules. It uses only the first key that
// was sent.
func (k AttributionKeys) AttributeByFirst(clicks ClickLookup, r *Reference) (Attribution, error) {
	switch {
	case k.Partner != 0:
		return k.reported(), nil
	case k.PromoCode != "":
		promo := r.PromoCodes[PromoCode{Campaign: k.Campaign, Code: k.PromoCode}.Key()]
		if !promo.InForce(k.At) {
			promo.Partner = 0
		}
		return Attribution{Partner: promo.Partner, Type: referralPromoCode, PromoCode: k.PromoCode}, nil
	case k.Click == "" && k.Customer == "":
		return Attribution{}, nil
	}
	finder := k.clickFinders(clicks)[0]
	click, err := finder.find()
	if errors.Is(err, ErrNotFound) || err == nil && click.Campaign != k.Campaign {
		return Attribution{}, nil
	}
	return k.byClick(finder, click), err
}

func (k AttributionKeys) reported() Attribution {
	a := Attribution{Partner: k.Partner, Type: referralReported, PromoCode: k.PromoCode}
	if k.Inquiry {
		a.Type = referralInquiry
	}
	return a
}

// promo returns the partner of the first promo code that finds one, and the code as it was
// sent. A code can contain the characters that separate codes.
func (k AttributionKeys) promo(r *Reference) (partner int64, code string) {
	separator := func(r rune) bool { return r == ',' || unicode.IsSpace(r) }
	for _, code := range append([]string{k.PromoCode}, strings.FieldsFunc(k.PromoCode, separator)...) {
		promo := r.PromoCodes[PromoCode{Campaign: k.Campaign, Code: code}.Key()]
		if _, known := r.Partners[promo.Partner]; known && promo.InForce(k.At) {
			return promo.Partner, code
		}
	}
	return 0, ""
}

// clickFinder looks up the click or action that referred the order, by one of the keys.
type clickFinder struct {
	clickType string
	find      func() (Click, error)
}

// clickFinders returns a finder for each key that was sent, in order of precedence.
func (k AttributionKeys) clickFinders(clicks ClickLookup) (finders []clickFinder) {
	add := func(value, clickType string, find func(value string) (Click, error)) {
		if value != "" {
			finders = append(finders, clickFinder{clickType, func() (Click, error) { return find(value) }})
		}
	}
	by := func(key ClickKey) func(string) (Click, error) {
		return func(value string) (Click, error) { return clicks.ClickBy(k.Campaign, key, value) }
	}
	add(k.Click, referralClick, clicks.Click)
	add(k.CustomClick, referralClick, by(ClickByCustomID))
	add(k.UniqueURL, referralClick, by(ClickByURL))
	add(k.Customer, referralClick, func(customer string) (Click, error) { return clicks.Referral(k.Campaign, customer) })
	add(k.Profile, referralClick, by(ClickByProfile))
	add(k.CallerID, referralCall, by(ClickByCaller))
	return finders
}

// byClick returns the attribution to what a finder found.
func (k AttributionKeys) byClick(f clickFinder, found Click) Attribution {
	a := Attribution{Partner: found.Partner, Type: f.clickType, Date: found.At, PromoCode: k.PromoCode}
	if found.ID == "" {
		a.Type = referralAction
	}
	return a
}
