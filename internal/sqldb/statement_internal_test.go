package sqldb

import (
	"strings"
	"testing"
	"time"
)

type (
	amount int64
	kind   string
)

func TestColumnsAreScannedByKind(t *testing.T) {
	db := open(t, t.TempDir())
	var (
		number  int64
		small   uint32
		flag    bool
		sum     amount
		k       kind
		name    = "old"
		bytes   []byte
		at      = time.Now()
		missing = time.Now()
	)
	lookup(t, db, func(s *Session) error {
		if err := s.Row("SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?", []any{int64(-7), 7, true, amount(9), kind("undo"), "", []byte{1, 0}, int64(1), nil},
			&number, &small, &flag, &sum, &k, &name, &bytes, (*instant)(&at), (*instant)(&missing)); err != nil {
			return err
		}
		return s.Exec("SELECT 1") // SQLite reuses the memory of the bytes
	})
	if number != -7 || small != 7 || !flag || sum != 9 || k != "undo" || name != "" || string(bytes) != "\x01\x00" ||
		!at.Equal(time.UnixMicro(1)) || !missing.IsZero() {
		t.Error(number, small, flag, sum, k, name, bytes, at, missing)
	}
}

func TestMismatchedValuesAreErrors(t *testing.T) {
	db := open(t, t.TempDir())
	var number int64
	var small uint32
	var flag bool
	var name string
	for text, c := range map[string]struct {
		args []any
		dest any
		want string
	}{
		"SELECT 1.5":       {nil, &number, "float64"},
		"SELECT NULL":      {nil, &number, "<nil>"},
		"SELECT 'a'":       {nil, &number, "[]uint8"},
		"SELECT -1":        {nil, &small, "int64"},
		"SELECT 2":         {nil, &flag, "int64"},
		"SELECT 3":         {nil, &name, "int64"},
		"SELECT 1, 2":      {nil, &number, "1 destinations for 2 columns"},
		"SELECT ?":         {nil, &number, "0 arguments for 1 parameters"},
		"SELECT ? + 1":     {[]any{1.5}, &number, "float64"},
		"SELECT ? + 2":     {[]any{struct{}{}}, &number, "unsupported type"},
		"SELECT 4; SELECT": {nil, &number, "not one statement"},
	} {
		err := db.Lookup(t.Context(), func(s *Session) error { return s.Row(text, c.args, c.dest) })
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error is %v, want one with %q", text, err, c.want)
		}
	}
}
