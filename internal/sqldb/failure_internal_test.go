package sqldb

import (
	"context"
	"errors"
	"testing"

	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/sqldb/failure"
)

func TestAWrongStatementIsNotUnavailable(t *testing.T) {
	onEachDatabase(t, func(t *testing.T, db *DB) {
		for name, test := range map[string]struct {
			err  error
			want bool
		}{
			"a wrong statement":         {db.Lookup(t.Context(), func(s *Session) error { return s.Row("SELECT none FROM texts", nil, new(int64)) }), false},
			"a second row with the key": {db.Write(t.Context(), func(s *Session) error { return errors.Join(insert(1)(s), insert(1)(s)) }), false},
			"a canceled call":           {db.Read(canceled(t), tenant, func(*Session) error { return nil }), true},
		} {
			var marked failure.Unavailable
			if test.err == nil || errors.As(test.err, &marked) != test.want {
				t.Errorf("%s: %v is unavailable: %t, want %t", name, test.err, !test.want, test.want)
			}
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		if err := db.Lookup(t.Context(), func(*Session) error { return nil }); !errors.As(err, new(failure.Unavailable)) {
			t.Errorf("a closed database: %v", err)
		}
	})
}

func canceled(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func TestALostConnectionIsUnavailable(t *testing.T) {
	proxy := pgtest.NewProxy(t)
	db := openServer(t, proxy.URL)
	for name, call := range map[string]func(context.Context, int64, func(*Session) error) error{
		"a write": db.WriteFor,
		"a read":  db.Read,
	} {
		err := call(t.Context(), tenant, func(s *Session) error {
			if err := s.Row("SELECT 1", nil, new(int64)); err != nil {
				return err
			}
			proxy.Cut()
			return s.Row("SELECT 1", nil, new(int64))
		})
		if !errors.As(err, new(failure.Unavailable)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
