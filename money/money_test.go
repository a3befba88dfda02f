package money_test

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/trueup-ledger/trueup/money"
)

func decimal(t *testing.T, s string) money.Decimal {
	t.Helper()
	d, err := money.ParseDecimal(s)
	if err != nil {
		t.Fatalf("ParseDecimal(%q): %v", s, err)
	}
	return d
}

func TestParseDecimal(t *testing.T) {
	for name, c := range map[string]struct {
		in, want string
		err      error
	}{
		"a whole number":                         {in: "12", want: "12"},
		"four places are kept":                   {in: "0.3333", want: "0.3333"},
		"a minus sign":                           {in: "-5.00", want: "-5"},
		"a plus sign":                            {in: "+5.50", want: "5.5"},
		"nothing before the point":               {in: ".5", want: "0.5"},
		"nothing after the point":                {in: "5.", want: "5"},
		"leading and trailing zeros don't count": {in: "0000000000001.500000", want: "1.5"},
		"twelve digits before the point":         {in: "999999999999.9999", want: "999999999999.9999"},
		"thirteen digits are too many":           {in: "1000000000000", err: money.ErrDigits},
		"five places are too many":               {in: "1.00001", err: money.ErrDigits},
		"an empty string":                        {in: "", err: money.ErrSyntax},
		"a point alone":                          {in: ".", err: money.ErrSyntax},
		"a sign alone":                           {in: "-", err: money.ErrSyntax},
		"two signs":                              {in: "+-1", err: money.ErrSyntax},
		"two points":                             {in: "1.2.3", err: money.ErrSyntax},
		"a thousands separator":                  {in: "1,000", err: money.ErrSyntax},
		"an exponent":                            {in: "1e3", err: money.ErrSyntax},
		"not a number":                           {in: "NaN", err: money.ErrSyntax},
		"a space":                                {in: " 1", err: money.ErrSyntax},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := money.ParseDecimal(c.in)
			if !errors.Is(err, c.err) {
				t.Fatalf("error %v, want %v", err, c.err)
			}
			if err == nil && d.String() != c.want {
				t.Errorf("got %s, want %s", d, c.want)
			}
		})
	}
}

func TestRoundRoundsHalfAwayFromZero(t *testing.T) {
	for _, c := range []struct {
		currency money.Currency
		in, want string
	}{
		{"USD", "9.635", "9.64"},
		{"USD", "9.6349", "9.63"},
		{"USD", "-9.635", "-9.64"},
		{"USD", "0.004", "0.00"},
		{"JPY", "1999.3333", "1999"},
		{"JPY", "0.5", "1"},
		{"JPY", "-0.5", "-1"},
		{"KWD", "1.2345", "1.235"},
		{"CLF", "1.2345", "1.2345"},
	} {
		if got := c.currency.Format(c.currency.Round(decimal(t, c.in))); got != c.want {
			t.Errorf("%s %s rounds to %s, want %s", c.currency, c.in, got, c.want)
		}
	}
}

func TestPercentRoundsOnceAtTheEnd(t *testing.T) {
	for _, c := range []struct {
		amount money.Amount
		rate   string
		want   money.Amount
	}{{1927, "4", 77}, {272, "4", 11}, {964, "4", 39}, {3333, "7.5", 250}, {2222, "7.5", 167}, {1, "50", 1}} {
		if got, err := c.amount.Percent(decimal(t, c.rate)); err != nil || got != c.want {
			t.Errorf("%d at %s %%: %d, %v; want %d", c.amount, c.rate, got, err, c.want)
		}
	}
}

func TestSplitGivesRemainingUnitsToLargestRemainders(t *testing.T) {
	for name, c := range map[string]struct {
		total   money.Amount
		weights []int64
		want    []money.Amount
	}{
		"by amount":                        {1000, []int64{1927, 272}, []money.Amount{876, 124}},
		"the earlier share wins a tie":     {250, []int64{1111, 1111, 1111}, []money.Amount{84, 83, 83}},
		"nothing remains":                  {500, []int64{3000, 1000}, []money.Amount{375, 125}},
		"a weight of 0 gets nothing":       {167, []int64{0, 1111, 1111}, []money.Amount{0, 84, 83}},
		"weights that are all 0 are equal": {5, []int64{0, 0}, []money.Amount{3, 2}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.total.Split(c.weights)
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestSharesOfSplitAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := money.Amount(rapid.Int64Range(0, 1e16).Draw(t, "total"))
		weights := rapid.SliceOfN(rapid.Int64Range(0, 1e14), 1, 50).Draw(t, "weights")
		shares, err := total.Split(weights)
		if err != nil {
			t.Fatal(err)
		}
		var sum money.Amount
		for i, share := range shares {
			if share < 0 {
				t.Fatalf("share %d is %d", i, share)
			}
			sum += share
		}
		if sum != total {
			t.Fatalf("shares add up to %d of %d", sum, total)
		}
	})
}

func TestScaleAgreesWithRationals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Int64Range(0, 1e16).Draw(t, "a")
		n, d := rapid.Int64Range(0, 999_999_999).Draw(t, "n"), rapid.Int64Range(1, 999_999_999).Draw(t, "d")
		want, _ := new(big.Int).SetString(new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(a), big.NewInt(n)), big.NewInt(d)).FloatString(0), 10)
		got, err := money.Amount(a).Scale(n, d)
		if !want.IsInt64() {
			if !errors.Is(err, money.ErrTooLarge) {
				t.Fatalf("got %d, %v; want ErrTooLarge", got, err)
			}
			return
		}
		if err != nil || int64(got) != want.Int64() {
			t.Fatalf("got %d, %v; want %s", got, err, want)
		}
	})
}

func TestExactRoundsALineOnce(t *testing.T) {
	line := decimal(t, "0.3333").Exact().Times(3)
	if got, err := line.Round("USD"); err != nil || got != 100 {
		t.Errorf("3 × 0.3333 is %d, %v; want 100", got, err)
	}
	if got, err := decimal(t, "10").Exact().Minus(decimal(t, "2").Exact()).Discount(decimal(t, "33.3333")).Round("USD"); err != nil || got != 533 {
		t.Errorf("(10 − 2) less 33.3333 %% is %d, %v; want 533", got, err)
	}
	if _, err := decimal(t, "999999999999").Exact().Times(2).Round("USD"); !errors.Is(err, money.ErrTooLarge) {
		t.Errorf("13 digits: error is %v, want ErrTooLarge", err)
	}
}

func FuzzParseDecimal(f *testing.F) {
	f.Add("-19.2708")
	f.Fuzz(func(t *testing.T, s string) {
		d, err := money.ParseDecimal(s)
		if err != nil {
			return
		}
		again, err := money.ParseDecimal(d.String())
		if err != nil || again != d {
			t.Errorf("ParseDecimal(%q) = %d, but ParseDecimal(%q) = %d, %v", s, d, d, again, err)
		}
	})
}

func TestParseAmount(t *testing.T) {
	for name, c := range map[string]struct {
		currency money.Currency
		in       string
		want     money.Amount
		err      error
	}{
		"cents":                            {currency: "USD", in: "-1234.5", want: -123450},
		"no cents":                         {currency: "JPY", in: "1234", want: 1234},
		"zeros after the last minor digit": {currency: "USD", in: "1.2300", want: 123},
		"the largest amount":               {currency: "USD", in: "92233720368547758.07", want: math.MaxInt64},
		"more than the largest amount":     {currency: "USD", in: "92233720368547758.08", err: money.ErrTooLarge},
		"a third decimal place":            {currency: "USD", in: "0.001", err: money.ErrPlaces},
		"a separator of thousands":         {currency: "USD", in: "1,000.00", err: money.ErrSyntax},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := c.currency.ParseAmount(c.in)
			if got != c.want || !errors.Is(err, c.err) {
				t.Errorf("got %d, %v, want %d, %v", got, err, c.want, c.err)
			}
		})
	}
}

func TestAnAmountIsComparedBeyondTheDecimals(t *testing.T) {
	for _, c := range []struct {
		amount  money.Amount
		decimal money.Decimal
		want    int
	}{
		{math.MaxInt64, math.MaxInt64, 1},
		{math.MinInt64, math.MinInt64, -1},
		{math.MaxInt64 / 100, math.MaxInt64 / 100 * 100, 0},
	} {
		if got := money.Currency("USD").Compare(c.amount, c.decimal); got != c.want {
			t.Errorf("%d and %d: got %d, want %d", c.amount, c.decimal, got, c.want)
		}
	}
}

func TestCurrencyParsesItsOwnFormat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		currency := rapid.SampledFrom([]money.Currency{"USD", "JPY", "KWD"}).Draw(t, "currency")
		a := money.Amount(rapid.Int64Range(-math.MaxInt64, math.MaxInt64).Draw(t, "amount"))
		if got, err := currency.ParseAmount(currency.Format(a)); got != a || err != nil {
			t.Errorf("%s %s is %d (%v)", currency, currency.Format(a), got, err)
		}
	})
}
