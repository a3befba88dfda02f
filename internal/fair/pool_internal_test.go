package fair

import "testing"

func TestATenantLeavesSlotsForOthers(t *testing.T) {
	tests := map[string]struct {
		requests []int64 // tenants, in the order of arrival; none releases its slot
		want     map[int64]int
	}{
		"one tenant gets half":                   {[]int64{1, 1, 1, 1, 1, 1, 1, 1, 1}, map[int64]int{1: 4}},
		"a second gets half of the rest":         {[]int64{1, 1, 1, 1, 1, 2, 2, 2, 2}, map[int64]int{1: 4, 2: 2}},
		"a third gets a slot too":                {[]int64{1, 1, 1, 1, 2, 2, 2, 3, 3, 3}, map[int64]int{1: 4, 2: 2, 3: 1}},
		"a late tenant overtakes a greedy one":   {[]int64{1, 1, 1, 1, 1, 1, 1, 1, 2}, map[int64]int{1: 4, 2: 1}},
		"many tenants with one request each fit": {[]int64{1, 2, 3, 4, 5, 6, 7, 8, 9}, map[int64]int{1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := NewPool(8)
			var tickets []*Ticket
			for _, tenant := range test.requests {
				tickets = append(tickets, p.Enqueue(tenant))
			}
			for tenant := int64(1); tenant <= 9; tenant++ {
				if got := p.held[tenant]; got != test.want[tenant] {
					t.Errorf("tenant %d holds %d slots, want %d", tenant, got, test.want[tenant])
				}
			}
			for _, ticket := range tickets {
				p.Release(ticket)
			}
			if p.free != 8 || len(p.held) != 0 || len(p.waiting) != 0 {
				t.Errorf("in the end %d slots are free, %v held and %d tickets wait", p.free, p.held, len(p.waiting))
			}
		})
	}
}
