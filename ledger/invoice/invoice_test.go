package invoice_test

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/trueup-ledger/trueup/ledger/invoice"
	"github.com/trueup-ledger/trueup/ledger/program"
	"github.com/trueup-ledger/trueup/money"
)

// at returns an instant of 2026 in UTC.
func at(month time.Month, day int) time.Time {
	return time.Date(2026, month, day, 12, 0, 0, 0, time.UTC)
}

// november are the terms of most tests: 20 % VAT, and a minimum of 10.00.
func november() invoice.Terms {
	return invoice.Terms{
		Currency: "USD", Zone: time.UTC, PaymentDays: 20, MinimumPayout: 1000, VATRate: money.Whole(20),
		PartnerName: "Brightside", CampaignNames: map[int64]string{1000: "Acme", 1001: "Bolt"},
	}
}

// statement returns a statement of entries of 2026.
func statement(t *testing.T, entries ...invoice.Entry) *invoice.Statement {
	t.Helper()
	var s invoice.Statement
	for _, e := range entries {
		if err := s.Add(e, time.UTC); err != nil {
			t.Fatal(err)
		}
	}
	return &s
}

func TestInvoiceAddsUpEntriesByCampaignDescriptionAndMonth(t *testing.T) {
	s := statement(t,
		invoice.Entry{Kind: invoice.KindAction, ID: "1000.2240.1", Campaign: 1000, Date: at(11, 1), EventDate: at(9, 30), Amount: 88},
		invoice.Entry{Kind: invoice.KindAction, ID: "1000.2240.2", Campaign: 1000, Date: at(11, 2), EventDate: at(10, 1), Amount: 1007},
		invoice.Entry{Kind: invoice.KindAction, ID: "1001.2241.3", Campaign: 1001, Date: at(11, 2), EventDate: at(9, 2), Amount: 300},
		invoice.Entry{Kind: invoice.KindAdjustment, ID: "1000.2240.1.A9", Campaign: 1000, Date: at(11, 20), EventDate: at(9, 30), Amount: -38},
		invoice.Entry{Kind: invoice.KindBonus, ID: "4", Campaign: 1000, Date: at(11, 21), EventDate: at(11, 21), Amount: 2500},
		invoice.Entry{Kind: invoice.KindBonus, ID: "5", Campaign: 1001, Date: at(11, 22), EventDate: at(11, 22), Amount: -102},
	)
	got, reason, err := s.Invoice(invoice.ID{Partner: 10001, Number: 7}, program.Month{Year: 2026, Month: time.November}, november(), false)
	if err != nil || reason != "" {
		t.Fatal(reason, err)
	}
	line := func(campaign int64, name string, d invoice.Description, month time.Month, actions int64, payouts, others, vat money.Amount) invoice.Line {
		net := payouts + others
		return invoice.Line{
			Campaign: campaign, CampaignName: name, Description: d, Month: program.Month{Year: 2026, Month: month},
			Actions: actions, Payouts: payouts, Others: others, Totals: invoice.Totals{Net: net, VAT: vat, Total: net + vat},
		}
	}
	want := invoice.Invoice{
		ID: invoice.ID{Partner: 10001, Number: 7}, PartnerName: "Brightside", Period: program.Month{Year: 2026, Month: time.November},
		Currency: "USD", VATRate: money.Whole(20),
		Created: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Due: time.Date(2026, 12, 21, 0, 0, 0, 0, time.UTC),
		Lines: []invoice.Line{
			line(1000, "Acme", invoice.MediaPayout, 9, 1, 88, -38, 10),
			line(1000, "Acme", invoice.MediaPayout, 10, 1, 1007, 0, 201), // 201.4
			line(1000, "Acme", invoice.Bonus, 11, 0, 0, 2500, 500),
			line(1001, "Bolt", invoice.MediaPayout, 9, 1, 300, 0, 60),
			line(1001, "Bolt", invoice.Bonus, 11, 0, 0, -102, -20), // -20.4
		},
		Totals: invoice.Totals{Net: 3755, VAT: 751, Total: 4506}, Entries: 6,
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(invoice.Invoice{}, "Digest")); diff != "" {
		t.Error(diff)
	}
	detail := func(campaign int64, name string, month time.Month, actions, others money.Amount) invoice.Detail {
		return invoice.Detail{
			Campaign: campaign, CampaignName: name, Month: program.Month{Year: 2026, Month: month}, Actions: actions, Others: others,
		}
	}
	details := []invoice.Detail{
		detail(1000, "Acme", 9, 88, -38), detail(1000, "Acme", 10, 1007, 0), detail(1000, "Acme", 11, 0, 2500),
		detail(1001, "Bolt", 9, 300, 0), detail(1001, "Bolt", 11, 0, -102),
	}
	if diff := cmp.Diff(details, got.Details()); diff != "" {
		t.Error(diff)
	}
}

func TestDetailsKeepCampaignsApart(t *testing.T) {
	month := program.Month{Year: 2026, Month: 9}
	v := invoice.Invoice{Lines: []invoice.Line{{Campaign: 1000, Month: month, Payouts: 1}, {Campaign: 1001, Month: month, Payouts: 2}}}
	want := []invoice.Detail{{Campaign: 1000, Month: month, Actions: 1}, {Campaign: 1001, Month: month, Actions: 2}}
	if diff := cmp.Diff(want, v.Details()); diff != "" {
		t.Error(diff)
	}
}

func TestSmallBalancesAreCarried(t *testing.T) {
	entry := func(id string, amount money.Amount) invoice.Entry {
		return invoice.Entry{Kind: invoice.KindAction, ID: id, Campaign: 1000, Date: at(11, 1), EventDate: at(10, 1), Amount: amount}
	}
	for name, c := range map[string]struct {
		entries []invoice.Entry
		force   bool
		want    invoice.Reason
		net     money.Amount
	}{
		"no entries":                              {nil, false, invoice.NoEntries, 0},
		"no entries can't be forced":              {nil, true, invoice.NoEntries, 0},
		"a total below the minimum is carried":    {[]invoice.Entry{entry("1", 999)}, false, invoice.BelowMinimum, 999},
		"a total of the minimum is invoiced":      {[]invoice.Entry{entry("1", 999), entry("2", 1)}, false, "", 1000},
		"a small total can be forced":             {[]invoice.Entry{entry("1", 1)}, true, "", 1},
		"a total of zero can't be forced":         {[]invoice.Entry{entry("1", 5), entry("2", -5)}, true, invoice.NotPositive, 0},
		"a negative total is carried":             {[]invoice.Entry{entry("1", -300)}, false, invoice.BelowMinimum, -300},
		"a negative total can't be forced":        {[]invoice.Entry{entry("1", -300)}, true, invoice.NotPositive, -300},
		"a negative balance lowers later entries": {[]invoice.Entry{entry("1", -300), entry("2", 1200)}, false, invoice.BelowMinimum, 900},
	} {
		t.Run(name, func(t *testing.T) {
			s := statement(t, c.entries...)
			v, reason, err := s.Invoice(invoice.ID{Partner: 1, Number: 1}, program.Month{Year: 2026, Month: 11}, november(), c.force)
			if err != nil || reason != c.want {
				t.Fatalf("the reason is %q, want %q (%v)", reason, c.want, err)
			}
			if s.Net() != c.net || reason == "" && v.Net != c.net {
				t.Errorf("the net total is %d and %d, want %d", s.Net(), v.Net, c.net)
			}
		})
	}
}

func TestAnInvoiceIsOverdueAfterItsDueDate(t *testing.T) {
	for name, c := range map[string]struct {
		zone, created, due string
		days               int
	}{
		"days are local":            {"America/Los_Angeles", "2026-11-01T00:00:00-07:00", "2026-11-21T00:00:00-08:00", 20},
		"across the year's end":     {"Europe/Berlin", "2027-01-01T00:00:00+01:00", "2027-01-31T00:00:00+01:00", 30},
		"no days are due at once":   {"UTC", "2026-12-01T00:00:00Z", "2026-12-01T00:00:00Z", 0},
		"across the 29 of February": {"UTC", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z", 29},
	} {
		t.Run(name, func(t *testing.T) {
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			created, err := time.Parse(time.RFC3339, c.created)
			if err != nil {
				t.Fatal(err)
			}
			terms := november()
			terms.Zone, terms.PaymentDays = zone, c.days
			s := statement(t, invoice.Entry{Kind: invoice.KindAction, ID: "1", Date: at(1, 1), EventDate: at(1, 1), Amount: 5000})
			v, _, err := s.Invoice(invoice.ID{Partner: 1, Number: 1}, program.MonthOf(created.Add(-time.Second), zone), terms, false)
			if err != nil {
				t.Fatal(err)
			}
			if !v.Created.Equal(created) || v.Due.In(zone).Format(time.RFC3339) != c.due {
				t.Errorf("created %s and due %s, want %s and %s", v.Created.In(zone), v.Due.In(zone), c.created, c.due)
			}
			for _, s := range []struct {
				at   time.Time
				paid bool
				want invoice.Status
			}{
				{v.Created, false, invoice.Pending},
				{v.Due, false, invoice.Pending},
				{v.Due.Add(1), false, invoice.Overdue},
				{v.Due.Add(1), true, invoice.Paid},
				{v.Created, true, invoice.Paid},
			} {
				r := invoice.Record{Invoice: v}
				if s.paid {
					r.Payment = &invoice.Payment{}
				}
				if got := r.Status(s.at); got != s.want {
					t.Errorf("at %s, paid %t: %s, want %s", s.at, s.paid, got, s.want)
				}
			}
		})
	}
}

func TestStatementRefusesEntriesOutOfOrder(t *testing.T) {
	first := invoice.Entry{Kind: invoice.KindAdjustment, ID: "5", Date: at(11, 2)}
	for name, next := range map[string]invoice.Entry{
		"an earlier date":  {Kind: invoice.KindBonus, ID: "9", Date: at(11, 1)},
		"an earlier kind":  {Kind: invoice.KindAction, ID: "9", Date: at(11, 2)},
		"a smaller id":     {Kind: invoice.KindAdjustment, ID: "4", Date: at(11, 2)},
		"the entry itself": first,
	} {
		t.Run(name, func(t *testing.T) {
			if err := statement(t, first).Add(next, time.UTC); err == nil {
				t.Error("the entry was added")
			}
		})
	}
}

func TestTotalsOverflow(t *testing.T) {
	const most = math.MaxInt64
	for name, next := range map[string]struct {
		kind   invoice.Kind
		month  time.Month
		amount money.Amount
		want   invoice.Reason
	}{
		"payouts of a line": {invoice.KindAction, 11, most, invoice.TooLarge},
		"a line":            {invoice.KindAdjustment, 11, most, invoice.TooLarge},
		"all lines":         {invoice.KindAction, 10, most, invoice.TooLarge},
		"13 digits":         {invoice.KindAction, 11, 99_999_999_999_999, ""},
	} {
		s := statement(t, invoice.Entry{Kind: invoice.KindAction, ID: "1", Date: at(11, 1), EventDate: at(11, 1), Amount: most / 2})
		err := s.Add(invoice.Entry{Kind: next.kind, ID: "2", Date: at(11, 1), EventDate: at(next.month, 1), Amount: next.amount}, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		for _, force := range []bool{false, true} {
			_, reason, err := s.Invoice(invoice.ID{Partner: 1, Number: 1}, program.Month{Year: 2026, Month: 11}, november(), force)
			if err != nil || reason != next.want {
				t.Errorf("%s: %q, %v", name, reason, err)
			}
		}
	}
	for rate, want := range map[int64]invoice.Reason{0: "", 20: "", 100: "", 101: invoice.TooLarge} {
		terms := november()
		terms.VATRate = money.Whole(rate)
		s := statement(t, invoice.Entry{Kind: invoice.KindAction, ID: "1", Date: at(11, 1), EventDate: at(11, 1), Amount: most / 2})
		if _, reason, err := s.Invoice(invoice.ID{Partner: 1, Number: 1}, program.Month{Year: 2026, Month: 11}, terms, false); err != nil || reason != want {
			t.Errorf("VAT of %d percent: %q, %v", rate, reason, err)
		}
	}
}

func TestDigestDependsOnEveryFieldOfEveryEntry(t *testing.T) {
	digest := func(entries ...invoice.Entry) [32]byte {
		terms := november()
		terms.MinimumPayout = -1 << 40
		v, _, err := statement(t, entries...).Invoice(invoice.ID{Partner: 1, Number: 1}, program.Month{Year: 2026, Month: 11}, terms, false)
		if err != nil {
			t.Fatal(err)
		}
		return v.Digest
	}
	first := invoice.Entry{Kind: invoice.KindAction, ID: "1", Partner: 1, Campaign: 1, Date: at(11, 1), EventDate: at(10, 1), Amount: 1}
	last := invoice.Entry{Kind: invoice.KindBonus, ID: "1", Partner: 1, Campaign: 1, Date: at(11, 3), EventDate: at(11, 3), Amount: 2}
	seen := map[[32]byte]string{digest(first, last): "no change", digest(first): "one entry less"}
	for name, change := range map[string]func(*invoice.Entry){
		"kind":       func(e *invoice.Entry) { e.Kind = invoice.KindAdjustment },
		"id":         func(e *invoice.Entry) { e.ID = "2" },
		"partner":    func(e *invoice.Entry) { e.Partner = 2 },
		"campaign":   func(e *invoice.Entry) { e.Campaign = 2 },
		"date":       func(e *invoice.Entry) { e.Date = at(11, 2) },
		"event date": func(e *invoice.Entry) { e.EventDate = at(10, 2) },
		"amount":     func(e *invoice.Entry) { e.Amount = 2 },
	} {
		e := first
		change(&e)
		d := digest(e, last)
		if other := seen[d]; other != "" {
			t.Errorf("%s: the digest is that of %s", name, other)
		}
		seen[d] = name
	}
}

// The lines, details and totals of an invoice all add up to its entries, whatever they are.
func TestInvoicesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s invoice.Statement
		var net money.Amount
		count := rapid.IntRange(1, 40).Draw(t, "count")
		for i := range count {
			e := invoice.Entry{
				Kind: rapid.SampledFrom(invoice.Kinds).Draw(t, "kind"), ID: "1", Campaign: rapid.Int64Range(1, 3).Draw(t, "campaign"),
				Date: at(11, 1).Add(time.Duration(i)), EventDate: at(time.Month(rapid.IntRange(6, 11).Draw(t, "month")), 1),
				Amount: money.Amount(rapid.Int64Range(-500_000, 500_000).Draw(t, "amount")),
			}
			net += e.Amount
			if err := s.Add(e, time.UTC); err != nil {
				t.Fatal(err)
			}
		}
		terms := november()
		terms.MinimumPayout, terms.VATRate = -1<<40, money.Decimal(rapid.Int64Range(0, 300_000).Draw(t, "rate"))
		v, _, err := s.Invoice(invoice.ID{Partner: 1, Number: 1}, program.Month{Year: 2026, Month: 11}, terms, false)
		if err != nil {
			t.Fatal(err)
		}
		var lines invoice.Totals
		for _, line := range v.Lines {
			if line.Net != line.Payouts+line.Others || line.Total != line.Net+line.VAT {
				t.Fatalf("a line doesn't add up: %+v", line)
			}
			lines.Net, lines.VAT, lines.Total = lines.Net+line.Net, lines.VAT+line.VAT, lines.Total+line.Total
		}
		var details money.Amount
		for _, d := range v.Details() {
			details += d.Actions + d.Others
		}
		if v.Totals != lines || v.Net != net || details != net || v.Total != v.Net+v.VAT || v.Entries != int64(count) {
			t.Fatalf("entries add up to %d, details to %d, lines to %+v, the invoice is %+v", net, details, lines, v.Totals)
		}
	})
}

func TestParseID(t *testing.T) {
	want := invoice.ID{Partner: 10001, Number: 7}
	if id, err := invoice.ParseID("10001-7"); err != nil || id != want || id.String() != "10001-7" {
		t.Errorf("10001-7 is %v (%v)", id, err)
	}
	for _, text := range []string{"", "-", "10001", "10001-", "-7", "10001-0", "0-7", "01-7", "1-07", "+1-7", "1--7", "1-7-8", "1-12345678901234567"} {
		if id, err := invoice.ParseID(text); err == nil {
			t.Errorf("%q is %v", text, id)
		}
	}
}
