package negotiate_test

import (
	"errors"
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire"
	"github.com/trueup-ledger/trueup/internal/wire/negotiate"
)

func TestSection5TheAcceptHeaderSelectsTheFormat(t *testing.T) {
	cases := map[string]wire.Format{
		"":                                  wire.XML,
		"*/*":                               wire.XML,
		"application/*":                     wire.XML,
		"application/json":                  wire.JSON,
		"APPLICATION/JSON; charset=utf-8":   wire.JSON,
		"application/json, */*":             wire.JSON,
		"application/json, text/plain, */*": wire.JSON,
		"application/xml;q=0.5, application/json;q=0.9":                   wire.JSON,
		"application/xml;q=0.9, application/json;q=0.5":                   wire.XML,
		"application/json;q=0, */*":                                       wire.XML,
		"application/xml;q=0, */*":                                        wire.JSON,
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": wire.XML,
		"application/json, application/xml":                               wire.JSON,
		"text/xml":                                                        wire.XML,
	}
	for accept, want := range cases {
		if got, err := negotiate.Format(accept); err != nil || got != want {
			t.Errorf("Accept: %s gives %v (%v), want %v", accept, got, err, want)
		}
	}
	for _, accept := range []string{"text/html", "image/png, text/csv", "application/json;q=0, application/xml;q=0", "application/json;q=x"} {
		var e *wire.Error
		if _, err := negotiate.Format(accept); !errors.As(err, &e) || e.Status != 406 {
			t.Errorf("Accept: %s gives %v, want a 406", accept, err)
		}
	}
}
