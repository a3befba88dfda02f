package template_test

import (
	"strings"
	"testing"

	"github.com/trueup-ledger/trueup/internal/wire/template"
	"github.com/trueup-ledger/trueup/ledger/program"
)

func TestSection21ATemplateThatAValueCouldBreakIsRejected(t *testing.T) {
	for format, cases := range map[program.BodyFormat]map[string]string{
		"url": {
			"https://{CampaignName}/":                  "after the host",
			"https://example.com{Oid}":                 "after the host",
			"https://example.com:{CampaignId}/":        "Not a URL",
			"ftp://example.com/":                       "https:// or http://",
			"example.com/{Oid}":                        "https:// or http://",
			"https:///x":                               "https:// or http://",
			"https://user:secret@example.com/":         "user or a password",
			"https://example.com/#a":                   "fragment",
			"https://example.com/a b":                  "percent-encoded",
			"https://example.com/é":                    "percent-encoded",
			"https://example.com/{1}":                  "percent-encoded",
			"https://example.com/%{Oid}":               "Not a URL",
			"https://example.com/?a=%2{Oid}":           "Not a URL",
			"https://example.com/{Oid}":                "must not be a value alone, which can be empty or",
			"https://example.com/{Oid}/paid?a=b":       "write something beside it, as in /o-{Oid}",
			"https://example.com/a/.{Oid}":             "value alone",
			"https://example.com/a/%2e{Oid}":           "value alone",
			"https://example.com/a%2F{Oid}":            "value alone",
			"https://example.com/%3F/{Oid}?a":          "value alone",
			"https://example.com/{SubId1}{SubId2}/":    "value alone",
			"https://example.com/{AdId}/":              "value alone",
			"https://example.com/{LockingDate}/":       "value alone",
			"https://example.com/{Odi}":                "no macro {Odi}: there are CampaignId,",
			"https://example.com/{Oid":                 "There is no }",
			"https://example.com/{items[]}":            "{items[]} stands for whole fields",
			"https://example.com/?a={items[]}":         "{items[]} stands for whole fields",
			"https://example.com/?{items[]}{Oid}":      "{items[]} stands for whole fields",
			"https://example.com/?{items[]}&{items[]}": "once",
		},
		program.BodyJSON: {
			`{"a":{Payout}0}`:            "Not valid JSON",
			`{"a":-{Payout}}`:            "Not valid JSON",
			`{{Oid}:1}`:                  "Not valid JSON",
			`{"a":"\{Oid}"}`:             "Not valid JSON",
			`{"a":"\u00{Oid}"}`:          "Not valid JSON",
			`{"a":{Oid}`:                 "Not valid JSON",
			`{"a":"{items[]}"}`:          "without quotation marks",
			`{"a":"{Nothing}"}`:          "no macro {Nothing}",
			strings.Repeat(`{Oid}`, 201): "At most 200",
		},
		program.BodyXML: {
			`<a>{Oid}`:                 "Not well-formed",
			`<{Oid}/>`:                 "Not well-formed",
			`<a {Oid}="1"/>`:           "Not well-formed",
			`<a><!-- {Oid} --></a>`:    "content of an element",
			`<a><?p {Oid}?></a>`:       "content of an element",
			`<a><![CDATA[{Oid}]]></a>`: "without CDATA",
			`<!DOCTYPE a><a>{Oid}</a>`: "without <!DOCTYPE a>",
			`<a/>{Oid}`:                "one root element",
			`<a/><b/>`:                 "one root element",
			`{items[]}`:                "one root element",
			`<a b="{items[]}"/>`:       "Not well-formed",
			`{Oid}`:                    "one root element",
			`<?xml version="1.0" encoding="ascii"?><a/>`: "Not well-formed",
		},
		program.BodyForm: {
			"a=%{Oid}":     "Not a form",
			"a={Oid}\nb=1": "percent-encoded",
			"a={items[]}":  "{items[]} stands for whole fields",
		},
	} {
		for text, want := range cases {
			var err error
			if format == "url" {
				_, err = template.ParseURL(text, nil)
			} else {
				_, err = template.ParseBody(text, format)
			}
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s %s: %v, want %q", format, text, err, want)
			}
		}
	}
}

func TestSection21NoValueChangesTheStructureOfAPath(t *testing.T) {
	for text, want := range map[string]string{
		"https://example.com/hook/o-{Oid}/paid?o={Oid}":      "/hook/o-../paid?o=..",
		"https://example.com/{Oid}{ActionId}/":               "/..1000.2240.158133/",
		"https://example.com/{ActionId}/{Payout}/{Event}":    "/1000.2240.158133/0.50/modified",
		"https://example.com/{CampaignId}/{EventDate}?{Oid}": "/1000/2026-10-05T05%3A00%3A00-07%3A00?..",
	} {
		tmpl, err := template.ParseURL(text, nil)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		n := notification()
		n.Action.Order = ".."
		if got := render(t, tmpl, n); got != "https://example.com"+want {
			t.Errorf("%s gives %s, want %s", text, got, want)
		}
	}
}
