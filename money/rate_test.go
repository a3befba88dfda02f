package money_test

import (
	"errors"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/trueup-ledger/trueup/money"
)

func TestParseRate(t *testing.T) {
	for name, c := range map[string]struct {
		in   string
		want money.Rate
		err  error
	}{
		"a rate":                                   {in: "1.0956", want: "1.0956"},
		"a whole number":                           {in: "160", want: "160"},
		"zeros that don't count are removed":       {in: "0010.50", want: "10.5"},
		"nothing before the point":                 {in: ".5", want: "0.5"},
		"fifteen digits":                           {in: "123456.789012345", want: "123456.789012345"},
		"sixteen digits are too many":              {in: "123456.7890123456", err: money.ErrRateDigits},
		"zeros before the first digit don't count": {in: "0.00000000123456789012345", want: "0.00000000123456789012345"},
		"the smallest":                             {in: "0.000000001", want: "0.000000001"},
		"below the smallest":                       {in: "0.0000000009", err: money.ErrRateRange},
		"the largest":                              {in: "999999999", want: "999999999"},
		"above the largest":                        {in: "1000000000", err: money.ErrRateRange},
		"zero":                                     {in: "0.000", err: money.ErrRate},
		"a negative number":                        {in: "-1", err: money.ErrRate},
		"an exponent":                              {in: "1e3", err: money.ErrRate},
		"a comma":                                  {in: "1,5", err: money.ErrRate},
		"an empty text":                            {in: "", err: money.ErrRate},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := money.ParseRate(c.in)
			if got != c.want || !errors.Is(err, c.err) {
				t.Errorf("got %q, %v; want %q, %v", got, err, c.want, c.err)
			}
		})
	}
}

func TestCrossKeepsFifteenDigits(t *testing.T) {
	for name, c := range map[string]struct {
		factors, divisors []money.Rate
		want              money.Rate
		err               error
	}{
		"two rates against a third currency":   {factors: []money.Rate{"1.0956"}, divisors: []money.Rate{"0.8601"}, want: "1.27380537146843"},
		"the inverse":                          {divisors: []money.Rate{"1.0956"}, want: "0.912741876597298"},
		"two rates by way of a third currency": {factors: []money.Rate{"1.0956", "147.5"}, want: "161.601"},
		"a rate as it is":                      {factors: []money.Rate{"1.0956"}, want: "1.0956"},
		"a small rate":                         {factors: []money.Rate{"1.0956"}, divisors: []money.Rate{"17000.5"}, want: "0.0000644451633775477"},
		"a large rate":                         {factors: []money.Rate{"17000.5"}, divisors: []money.Rate{"0.86"}, want: "19768.0232558140"},
		"a rate out of bounds":                 {factors: []money.Rate{"0.000000001"}, divisors: []money.Rate{"999999999"}, err: money.ErrRateRange},
	} {
		t.Run(name, func(t *testing.T) {
			want := c.want
			if want != "" {
				want, _ = money.ParseRate(string(want))
			}
			got, err := money.Cross(c.factors, c.divisors)
			if got != want || !errors.Is(err, c.err) {
				t.Errorf("got %q, %v; want %q, %v", got, err, want, c.err)
			}
		})
	}
}

func TestExchange(t *testing.T) {
	yen := money.Exchange{From: "JPY", To: "USD", Rate: "0.0067"}
	if got, err := yen.Convert(1999); err != nil || got != 1339 {
		t.Errorf("1999 JPY are %d cents, %v; want 1339", got, err)
	}
	if got, err := yen.Revert(1339); err != nil || got != 1999 {
		t.Errorf("13.39 USD are %d JPY, %v; want 1999", got, err)
	}
	if _, err := (money.Exchange{From: "USD", To: "JPY", Rate: "160"}).Convert(1e13); !errors.Is(err, money.ErrTooLarge) {
		t.Errorf("the error is %v, want ErrTooLarge", err)
	}
}

func TestConvertedAmountsAgree(t *testing.T) {
	currencies := []money.Currency{"JPY", "USD", "KWD", "CLF"}
	rapid.Check(t, func(t *rapid.T) {
		rate, err := money.ParseRate(rapid.StringMatching(`[1-9][0-9]{0,3}\.[0-9]{0,9}|0\.0{0,5}[1-9][0-9]{0,8}`).Draw(t, "rate"))
		if err != nil {
			t.Fatal(err)
		}
		x := money.Exchange{From: rapid.SampledFrom(currencies).Draw(t, "from"), To: rapid.SampledFrom(currencies).Draw(t, "to"), Rate: rate}
		a := money.Amount(rapid.Int64Range(0, 1e11).Draw(t, "amount"))
		if to, err := x.Convert(a); err == nil && !x.Agree(a, to) {
			t.Errorf("%d converts to %d", a, to)
		}
		if from, err := x.Revert(a); err == nil && !x.Agree(from, a) {
			t.Errorf("%d reverts to %d", a, from)
		}
	})
}

func TestAmountsAgreeUpToABound(t *testing.T) {
	yen := money.Exchange{From: "JPY", To: "USD", Rate: "0.0067"} // the bound is 0.00335 + 0.01
	for cents, want := range map[money.Amount]bool{65: false, 66: true, 67: true, 68: true, 69: false} {
		if got := yen.Agree(100, cents); got != want {
			t.Errorf("100 JPY and %d cents agree: %t", cents, got)
		}
	}
}

func FuzzParseRate(f *testing.F) {
	f.Add("1.0956")
	f.Fuzz(func(t *testing.T, s string) {
		r, err := money.ParseRate(s)
		if err != nil {
			return
		}
		exact, ok := new(big.Rat).SetString(string(r))
		given, same := new(big.Rat).SetString("0" + s)
		if again, err := money.ParseRate(string(r)); err != nil || again != r || !ok || !same || exact.Cmp(given) != 0 {
			t.Errorf("ParseRate(%q) = %q", s, r)
		}
	})
}
