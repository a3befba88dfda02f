package sqlstore

import (
	"strings"
	"testing"
	"time"

	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/money"
)

func TestColumnsAreReadAsWhatTheyAre(t *testing.T) {
	st := open(t, t.TempDir())
	var (
		number  int64
		small   uint32
		is      bool
		amount  money.Amount
		kind    ledger.Kind
		name    = "old"
		bytes   []byte
		at      = time.Now()
		missing = time.Now()
	)
	lookup(t, st, func(s *session) error {
		if err := s.row("SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?", []any{int64(-7), 7, true, money.Amount(9), ledger.KindUndo, "", []byte{1, 0}, int64(1), nil},
			&number, &small, &is, &amount, &kind, &name, &bytes, (*instant)(&at), (*instant)(&missing)); err != nil {
			return err
		}
		return s.exec("SELECT 1") // the bytes are no more SQLite's
	})
	if number != -7 || small != 7 || !is || amount != 9 || kind != ledger.KindUndo || name != "" || string(bytes) != "\x01\x00" ||
		!at.Equal(time.UnixMicro(1)) || !missing.IsZero() {
		t.Error(number, small, is, amount, kind, name, bytes, at, missing)
	}
}

func TestStatementsAreNotMisread(t *testing.T) {
	st := open(t, t.TempDir())
	var number int64
	var small uint32
	var is bool
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
		"SELECT 2":         {nil, &is, "int64"},
		"SELECT 3":         {nil, &name, "int64"},
		"SELECT 1, 2":      {nil, &number, "1 places for 2 columns"},
		"SELECT ?":         {nil, &number, "0 arguments for 1 parameters"},
		"SELECT ? + 1":     {[]any{1.5}, &number, "float64"},
		"SELECT ? + 2":     {[]any{struct{}{}}, &number, "unsupported type"},
		"SELECT 4; SELECT": {nil, &number, "not one statement"},
	} {
		err := st.lookup(t.Context(), func(s *session) error { return s.row(text, c.args, c.dest) })
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error is %v, want one with %q", text, err, c.want)
		}
	}
}

func lookup(t *testing.T, st *Store, f func(*session) error) {
	t.Helper()
	if err := st.lookup(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}
