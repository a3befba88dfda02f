package httpapi_test

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	_ "github.com/ncruces/go-sqlite3/driver" // opens the database before the store does

	"github.com/trueup-ledger/trueup/internal/applier"
	"github.com/trueup-ledger/trueup/internal/batchfile"
	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/ingest"
	"github.com/trueup-ledger/trueup/internal/pgtest"
	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
	"github.com/trueup-ledger/trueup/internal/store/verify"
	"github.com/trueup-ledger/trueup/internal/waiter"
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/ids"
)

// The folder testdata/0.1 holds a database that version 0.1 wrote, as SQL for each engine,
// and that version's responses to requests for all of its data. It has every kind of
// command, failed submissions, keys, files, inquiries, deliveries and audit events.
const upgradeFrom = "testdata/0.1"

// upgradedAt is the clock of the upgraded API: the responses were recorded on that day.
var upgradedAt = time.Date(2026, 11, 27, 14, 30, 0, 0, time.UTC)

func TestUpgradeKeepsAllResponsesOnSQLite(t *testing.T) {
	dir := t.TempDir()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, sqldb.SQLiteFiles()[0]))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(readUpgrade(t, "sqlite.sql")); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	st, err := sqlstore.OpenSQLite(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	checkUpgrade(t, st, "sqlite.responses")
}

func TestUpgradeKeepsAllResponsesOnPostgres(t *testing.T) {
	url := pgtest.Schema(t)
	pgtest.Exec(t, url, readUpgrade(t, "postgres.sql"))
	st, err := sqlstore.OpenPostgres(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	checkUpgrade(t, st, "postgres.responses")
}

// checkUpgrade verifies an upgraded store, compares its responses with those that version
// 0.1 recorded, and closes it.
func checkUpgrade(t *testing.T, st *sqlstore.Store, recorded string) {
	t.Helper()
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	derived := map[ids.UpdateID]ledger.Update{}
	violations, err := verify.Store(t.Context(), st, func(l ledger.Lookup, s ledger.Submission, ctx ledger.ApplyContext) (ledger.Change, error) {
		c, err := ledger.Decide(l, s, ctx)
		for _, u := range c.Updates {
			derived[u.ID()] = u
		}
		return c, err
	})
	if err != nil || len(violations) > 0 {
		t.Fatal(violations, err)
	}
	checkDerivedHistory(t, st, derived)
	now := func() time.Time { return upgradedAt }
	log := slog.New(slog.DiscardHandler)
	roles := st.Roles()
	waiters := waiter.New(st.Applied, log)
	t.Cleanup(waiters.Stop)
	applier := applier.New(roles, now, waiters.Notify, log)
	api := httpapi.New(roles, ingest.New(roles, ingest.Config{Decide: ledger.Decide, Now: now, Queued: applier.Notify, Applied: waiters.Notify, Log: log}), waiters, batchfile.New(roles, now, log, applier.Notify), now, log)

	tokens := map[string][2]string{}
	for account, name := range map[int64]string{1: "1", 2: "2"} {
		token, secret, err := store.TokenRequest{Account: account, Name: "upgrade", Version: 14}.Issue(upgradedAt)
		if err != nil {
			t.Fatal(err)
		}
		event := store.AuditEvent{At: upgradedAt, Actor: store.Actor{Source: store.SourceProgram, ID: "test"}, Operation: store.OperationCreateToken}
		if err := st.SaveToken(t.Context(), token, event); err != nil {
			t.Fatal(err)
		}
		tokens[name] = [2]string{token.SID, secret}
	}
	pageURI := regexp.MustCompile(`"@[a-z]*uri":"[^"]*",?`) // they hold the SID and the time of the request
	lines := bufio.NewScanner(strings.NewReader(readUpgrade(t, recorded)))
	lines.Buffer(nil, 1<<20)
	compared := 0
	for ; lines.Scan(); compared++ {
		account, path, _ := strings.Cut(lines.Text(), " ")
		if !lines.Scan() {
			t.Fatalf("%s has no response to %s", recorded, path)
		}
		sid, secret := tokens[account][0], tokens[account][1]
		r := httptest.NewRequest(http.MethodGet, "/Advertisers/"+sid+"/"+path, nil)
		r.SetBasicAuth(sid, secret)
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		got := pageURI.ReplaceAllString(strings.ReplaceAll(w.Body.String(), sid, "SID"), "")
		want := withoutUpdateStates(parse(t, lines.Text()))
		if diff := cmp.Diff(want, recordedMembers(want, parse(t, got))); diff != "" {
			t.Errorf("account %s, %s (-version 0.1 +now):\n%s", account, path, diff)
		}
	}
	if compared < 20 {
		t.Errorf("compared %d responses", compared)
	}
}

func readUpgrade(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(upgradeFrom, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// recordedMembers returns got without the members of objects that want doesn't have: later
// versions add members. It returns a number as text where want has text.
func recordedMembers(want, got any) any {
	switch want := want.(type) {
	case map[string]any:
		if got, ok := got.(map[string]any); ok {
			maps.DeleteFunc(got, func(name string, _ any) bool { _, found := want[name]; return !found })
			for name := range got {
				got[name] = recordedMembers(want[name], got[name])
			}
		}
	case string: // the numbers of inquiries were strings in version 0.1
		if got, ok := got.(json.Number); ok && (got.String() == want || want == "" && strings.Trim(got.String(), "0.") == "") {
			return want
		}
	case []any:
		if got, ok := got.([]any); ok && len(got) == len(want) {
			for i := range got {
				got[i] = recordedMembers(want[i], got[i])
			}
		}
	}
	return got
}

// checkDerivedHistory compares the states that the migration gave to the updates of version
// 0.1 with those that a replay derives.
func checkDerivedHistory(t *testing.T, st *sqlstore.Store, derived map[ids.UpdateID]ledger.Update) {
	t.Helper()
	if len(derived) < 10 {
		t.Errorf("only %d updates were replayed", len(derived))
	}
	for id, want := range derived {
		err := st.Read(t.Context(), id.Action.Campaign/1000, func(r store.Reader) error { // campaign 1000 is that of account 1
			got, err := r.Update(id)
			want.Before = nil // verify has checked it and the hashes; lists don't read them
			want.Hash, want.Previous = ids.Hash{}, ids.Hash{}
			if diff := cmp.Diff(want, got.Update); err == nil && diff != "" {
				t.Errorf("update %s (-replayed +migrated):\n%s", id, diff)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

// withoutUpdateStates removes the members of updates that followed the action in version
// 0.1 and are as of the update since, which checkDerivedHistory compares, and the clearing
// date, which version 0.1 had not. They are then missing in the expected response, so
// recordedMembers ignores them.
func withoutUpdateStates(response any) any {
	list, _ := response.(map[string]any)["ActionUpdates"].([]any)
	for _, update := range list {
		for _, name := range []string{"State", "StateDetail", "StateDetailDescription", "CustomerStatus", "LockingDate", "ClearingDate"} {
			delete(update.(map[string]any), name) //nolint:forcetypeassert // an object
		}
	}
	return response
}

func parse(t *testing.T, text string) (v any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}
