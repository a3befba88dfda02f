package page

import (
	"cmp"
	"errors"
	"net/http"
	"regexp"
	"strings"

	"github.com/trueup-ledger/trueup/client"
)

// labels are the subjects of sentences about the fields of the protocol and the admin API. The
// number of an item is cut off.
var labels = map[string]string{
	"date": "The day of the payment", "reference": "The reference", "reason": "The reason", "amount": "The amount",
	"month": "The period", "status": "The status", "partner": "The partner",
	"StartDate": "The first day", "EndDate": "The last day", "ActionDateStart": "The first day", "ActionDateEnd": "The last day",
	"OrderId": "The order", "ActionId": "The action", "MediaPartnerId": "The partner", "State": "The state", "Type": "The type",
	"ItemSku": "The SKU", "Sku": "The SKU", "ItemQuantity": "The quantity", "Quantity": "The quantity", "ItemSubTotal": "The amount",
	"Amount": "The amount", "ItemCategory": "The category", "Category": "The category", "Note": "The reason", "Reason": "The reason",
}

var (
	// position is that of a field in a request that no person has seen.
	position = regexp.MustCompile(` \(line [0-9]+, column [0-9]+\)`)
	// instant is a time of the server, which is in the account's zone.
	instant = regexp.MustCompile(`\b([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}):[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})`)
)

// Sentence returns the part of an error that is for people: the message of a rejection or of a
// response, with the fields that are wrong. It returns "" for an error that is for the log.
func Sentence(err error) string {
	var rejection *client.Rejection
	var response *client.Error
	switch {
	case errors.As(err, &rejection):
		return plain(rejection.Message)
	case !errors.As(err, &response) || response.Status >= http.StatusInternalServerError:
		return ""
	}
	if len(response.Fields) == 0 {
		return plain(response.Message)
	}
	problems := make([]string, len(response.Fields))
	for i, f := range response.Fields {
		problems[i] = ofField(f.Field, strings.TrimSuffix(plain(f.Message), ".")) + "."
	}
	return strings.Join(problems, " ")
}

// plain returns a message without what only programs read.
func plain(message string) string {
	return instant.ReplaceAllString(position.ReplaceAllString(message, ""), "$1 $2")
}

// ofField returns a message about a field as a sentence without its period.
func ofField(field, message string) string {
	label := cmp.Or(labels[strings.TrimRight(field, "0123456789")], field)
	if rest, found := strings.CutPrefix(message, "Required"); found {
		return label + " is required" + rest
	}
	if rest, found := strings.CutPrefix(message, "Must "); found {
		return label + " must " + rest
	}
	return label + ": " + message
}
