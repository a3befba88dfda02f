package console_test

import (
	"strings"
	"testing"
)

func TestAPageOfTheListHasFiftyRows(t *testing.T) {
	s := newSite(t)
	if got := strings.Count(s.as(t, "viewer@example.com").get("/console/a/1/actions").body, "data-row"); got != 50 {
		t.Errorf("the list has %d rows, want 50", got)
	}
}
