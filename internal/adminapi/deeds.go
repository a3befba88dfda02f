package adminapi

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// Limits of a page of a list: what it has unless asked for, and what can be asked for.
const (
	usualPage = 100
	mostPage  = 1000
)

// deedLine is a deed as it is listed.
type deedLine struct {
	Number  int64        `json:"number"`
	At      time.Time    `json:"at"`
	Via     store.Source `json:"via"`
	By      string       `json:"by"`
	Name    string       `json:"name"`
	Verb    string       `json:"verb"`
	Subject string       `json:"subject"`
	Reason  string       `json:"reason"`
	Detail  string       `json:"detail"`
}

func (d *desk) getDeeds(o httpapi.Operator) error {
	q, err := o.Query("account", "before", "limit")
	if err != nil {
		return err
	}
	of, err := number(q, "account", 0, 1<<62)
	before, err2 := number(q, "before", 0, 1<<62)
	limit, err3 := number(q, "limit", usualPage, mostPage)
	for _, err := range []error{err, err2, err3} {
		if err != nil {
			return err
		}
	}
	deeds, err := d.store.AuditEvents(o.Context(), of, before, int(limit))
	if err != nil {
		return err
	}
	answer := struct {
		Deeds []deedLine `json:"deeds"`
		Next  string     `json:"next,omitempty"`
	}{Deeds: make([]deedLine, len(deeds))}
	for i, deed := range deeds {
		answer.Deeds[i] = deedLine{
			deed.Number, deed.At, deed.Actor.Source, deed.Actor.ID, deed.Actor.Name, deed.Operation, deed.Subject, deed.Reason, deed.Detail,
		}
	}
	if len(deeds) == int(limit) && deeds[len(deeds)-1].Number > 1 {
		next := url.Values{"account": {strconv.FormatInt(of, 10)}, "limit": {strconv.FormatInt(limit, 10)}}
		next.Set("before", strconv.FormatInt(deeds[len(deeds)-1].Number, 10))
		answer.Next = Root + "/deeds?" + next.Encode()
	}
	return o.Answer(http.StatusOK, answer)
}

// number reads a parameter that is a whole number up to most.
func number(q map[string]string, name string, otherwise, most int64) (int64, error) {
	text, given := q[name]
	if !given {
		return otherwise, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	least := min(otherwise, 1)
	if err != nil || n < least || n > most {
		return 0, wire.Invalid(wire.Fault{Field: name, Message: fmt.Sprintf("Must be a whole number from %d to %d", least, most)})
	}
	return n, nil
}
