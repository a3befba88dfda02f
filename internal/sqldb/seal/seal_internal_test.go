package seal

import (
	"slices"
	"testing"

	"github.com/trueup-ledger/trueup/internal/sqldb/bulk"
)

// catalogue describes a table with a seal, a column that seals don't cover, and a table
// without seals.
func catalogue() Catalogue {
	return NewCatalogue([]Column{
		{Table: "tokens", Name: "account", Type: "bigint", NotNull: true, Key: 1},
		{Table: "tokens", Name: "sid", Type: "text", NotNull: true, Key: 2},
		{Table: "tokens", Name: "scopes", Type: "text", NotNull: true, Default: "'*'::text"},
		{Table: "tokens", Name: "hourly", Type: "bigint", NotNull: true, Default: "0"},
		{Table: "tokens", Name: "expires", Type: "bigint"},
		{Table: "tokens", Name: "used", Type: "bigint", NotNull: true},
		{Table: "tokens", Name: ColumnName, Type: "bigint", NotNull: true, Default: "0"},
		{Table: "queue", Name: "account", Type: "bigint", NotNull: true, Key: 1},
	}, map[string][]string{"tokens": {"used"}}, nil)
}

func TestStatementsAreRewritten(t *testing.T) {
	const returning = " RETURNING tokens.account, tokens.expires, tokens.hourly, tokens.scopes, tokens.sid, tokens.seal"
	for name, test := range map[string]struct{ text, want string }{
		"a plain insert sets the seal": {
			"INSERT INTO tokens (account, sid, used)\n\tVALUES (?, ?, ?)",
			"INSERT INTO tokens (account, sid, used, seal) VALUES (?1, ?2, ?3, ?4)",
		},
		"an insert with a literal returns its row": {
			"INSERT INTO tokens (account, sid, used) VALUES (?, ?, 0)", "INSERT INTO tokens (account, sid, used) VALUES (?, ?, 0)" + returning,
		},
		"an insert that may conflict returns its row": {
			"INSERT INTO tokens (account, sid) VALUES (?, ?) ON CONFLICT DO NOTHING",
			"INSERT INTO tokens (account, sid) VALUES (?, ?) ON CONFLICT DO NOTHING" + returning,
		},
		"an update returns its rows":                         {"UPDATE tokens SET scopes = ? WHERE account = ?", "UPDATE tokens SET scopes = ? WHERE account = ?" + returning},
		"a deletion returns its rows":                        {"DELETE FROM tokens WHERE account = ?", "DELETE FROM tokens WHERE account = ?" + returning},
		"an update of columns that seals don't cover stays":  {"UPDATE tokens SET used = (SELECT max(a, b) FROM c) WHERE account = ?", "UPDATE tokens SET used = (SELECT max(a, b) FROM c) WHERE account = ?"},
		"a statement that writes the seal stays":             {"UPDATE tokens SET seal = ?2 WHERE account = ?1", "UPDATE tokens SET seal = ?2 WHERE account = ?1"},
		"a table without seals stays":                        {"INSERT INTO queue (account) VALUES (?)", "INSERT INTO queue (account) VALUES (?)"},
		"a query stays":                                      {"SELECT 1 FROM tokens", "SELECT 1 FROM tokens"},
		"an update of several columns, one of which matters": {"UPDATE tokens SET used = 1, hourly = 2 FROM v WHERE account = ?", "UPDATE tokens SET used = 1, hourly = 2 FROM v WHERE account = ?" + returning},
	} {
		args := []any{int64(1), "a", int64(2)}
		if got := NewWriter(catalogue()).Rewrite(test.text, args).Text; got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

func TestASealCoversEveryColumn(t *testing.T) {
	table := catalogue().Tables["tokens"]
	names := []string{"account", "sid", "scopes", "hourly", "expires", "used"}
	row := []any{int64(1), "a", "*", int64(0), nil, int64(5)}
	seal := func(names []string, row []any) int64 {
		sum, _ := table.sum(row, table.order(names), nil)
		return sum
	}
	want := seal(names, row)
	for i, value := range []any{int64(2), "b", "", int64(1), int64(0)} {
		edited := slices.Clone(row)
		if edited[i] = value; seal(names, edited) == want {
			t.Errorf("%s can be %v", names[i], value)
		}
	}
	edited := append(slices.Clone(row[:5]), int64(6))
	if seal(names, edited) != want {
		t.Error("a column that seals don't cover changes the seal")
	}
	if seal(names[:2], row[:2]) != want {
		t.Error("a column with its default value changes the seal")
	}
	if seal(names, []any{int64(1), []byte("a"), []byte("*"), int64(0), nil, nil}) != want {
		t.Error("a text has another seal when it is read as bytes")
	}
}

func TestATransactionEndsWithSealsAndDigests(t *testing.T) {
	w := NewWriter(catalogue())
	// insert, update and remove run a statement that returns a row with an old seal.
	returned := func(text, sid string, hourly, seal int64) {
		c := w.Rewrite(text, nil)
		for i, value := range []any{int64(1), nil, hourly, "*", sid, seal} {
			if err := c.Dest[i].(*capture).Scan(value); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Each(); err != nil {
			t.Fatal(err)
		}
	}
	const update, remove = "UPDATE tokens SET hourly = 1 WHERE account = 1", "DELETE FROM tokens WHERE account = 1"
	returned(update, "changed", 1, 100)
	returned(update, "changed", 2, 100) // its seal is written at the end, so that it is still 100
	returned(update, "changed and removed", 1, 200)
	returned(remove, "changed and removed", 1, 200)
	returned(update, "new and removed", 1, 0)
	returned(remove, "new and removed", 1, 0)
	_, rows := w.RewriteRows(bulk.Insert("tokens", "sid text"), [][]any{{int64(1), "inserted"}})
	inserted := rows[0][2].(int64)
	table := catalogue().Tables["tokens"]
	changed, _ := table.sum([]any{int64(1), nil, int64(2), "*", "changed"}, table.all, nil)
	writes := w.Flush()
	if len(writes) != 2 {
		t.Fatalf("%d writes, want the seal of a row and the digest", len(writes))
	}
	if got, want := writes[0].Rows[0], []any{int64(1), "changed", changed}; !slices.Equal(got, want) {
		t.Errorf("the seal is %v, want %v", got, want)
	}
	if got, want := writes[1].Rows[0], []any{int64(1), "tokens", int64(0), inserted ^ 200 ^ 100 ^ changed}; !slices.Equal(got, want) {
		t.Errorf("the digest changes by %v, want %v", got, want)
	}
	w.Begin()
	if len(w.Flush()) != 0 {
		t.Error("a new transaction writes what the one before did")
	}
}
