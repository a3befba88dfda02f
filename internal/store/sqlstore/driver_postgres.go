package sqlstore

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// postgresDialect is of a server with many writers. What an account's numbers are
// given from is a row, and whoever gives them holds it.
var postgresDialect = &dialect{
	migrations: goose.DialectPostgres,
	folder:     "postgres",
	prepare:    prepareStandard,
	beginWrite: "BEGIN",
	beginRead:  "BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ",
	hold:       " FOR UPDATE",
	seize:      " FOR UPDATE OF a SKIP LOCKED",
	numbered:   true,
	arrays:     true,
	latest:     true,
	broken:     postgresBroken,
	again:      postgresAgain,
}

// Times that a server may take, before a connection counts as lost.
const (
	connectTimeout = 5 * time.Second
	keepAlive      = 5 * time.Second
	// idleInWrite is how long a process that hangs in a write holds up others.
	idleInWrite = 10 * time.Second
)

// IsPostgres reports whether a store is named by the URL of a PostgreSQL database.
func IsPostgres(where string) bool {
	return strings.HasPrefix(where, "postgres://") || strings.HasPrefix(where, "postgresql://")
}

// postgresConfig reads the URL of a database. An error does not repeat it: there may
// be a password in it.
func postgresConfig(url string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, errors.New("this is no URL of a PostgreSQL database, as postgres://user:password@host:5432/database")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	dialer := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: keepAlive, Interval: keepAlive, Count: 3}}
	config.DialFunc = dialer.DialContext
	set := func(name, value string) {
		if _, given := config.RuntimeParams[name]; !given {
			config.RuntimeParams[name] = value
		}
	}
	set("application_name", "trueup")
	set("jit", "off") // no statement is long enough for it
	return config, nil
}

// openPostgres makes a handle for connections with settings of their own.
func openPostgres(config *pgx.ConnConfig, settings map[string]string) *sql.DB {
	own := config.Copy()
	for name, value := range settings {
		own.RuntimeParams[name] = value
	}
	return stdlib.OpenDB(*own)
}

// postgresWriter and postgresReader are the settings of connections of a kind.
func postgresWriter() map[string]string {
	settings := map[string]string{"idle_in_transaction_session_timeout": fmt.Sprint(idleInWrite.Milliseconds())}
	// Every row that is written is found by its key, by a plan that is made once.
	settings["plan_cache_mode"] = "force_generic_plan"
	for _, way := range []string{"enable_hashjoin", "enable_mergejoin", "enable_seqscan"} {
		settings[way] = "off"
	}
	return settings
}

func postgresReader() map[string]string {
	return map[string]string{"default_transaction_read_only": "on"}
}

// SQLSTATEs that are looked at.
const (
	uniqueViolation      = "23505"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	readOnlyTransaction  = "25006"
)

// postgresBroken reports what a connection does not survive: its own end, the
// server's, and that the server is not the primary any more.
func postgresBroken(err error) bool {
	var told *pgconn.PgError
	if !errors.As(err, &told) {
		var network net.Error
		return pgconn.SafeToRetry(err) || errors.As(err, &network) || pgconn.Timeout(err) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
	}
	return told.Severity == "FATAL" || told.Severity == "PANIC" || told.Code == readOnlyTransaction ||
		strings.HasPrefix(told.Code, "57P") || strings.HasPrefix(told.Code, "08")
}

// postgresAgain reports whether a transaction met another's: a row that both made,
// too, since the one that comes second finds the other's when it looks again.
func postgresAgain(err error) bool {
	var told *pgconn.PgError
	return errors.As(err, &told) && slices.Contains([]string{uniqueViolation, serializationFailure, deadlockDetected}, told.Code)
}
