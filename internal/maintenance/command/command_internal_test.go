package command

import "testing"

func TestABackupCommandShowsNoPassword(t *testing.T) {
	for store, want := range map[string]string{
		"postgres://user:secret@host:5432/trueup":                  "postgres://user@host:5432/trueup",
		"postgres://user:se@cret@a:5432,b:5432/trueup?sslmode=off": "postgres://user@a:5432,b:5432/trueup?sslmode=off",
		"postgres://host/trueup?password=secret&user=a":            "postgres://host/trueup?user=a",
		"postgres://user@host/trueup":                              "postgres://user@host/trueup",
		"postgres:///trueup?host=/run":                             "postgres:///trueup?host=/run",
	} {
		if got := withoutPassword(store); got != want {
			t.Errorf("%s is shown as %s, want %s", store, got, want)
		}
	}
}
