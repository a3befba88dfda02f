package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"slices"
	"strconv"
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
	prepare:    preparePostgres,
	beginWrite: "BEGIN",
	beginRead:  "BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ",
	hold:       " FOR UPDATE",
	seize:      " FOR UPDATE SKIP LOCKED",
	numbered:   true,
	arrays:     true,
	latest:     true,
	broken:     postgresBroken,
	again:      postgresAgain,
}

// distributedDialect is of Citus.
var distributedDialect = func() *dialect {
	d := *postgresDialect
	d.distributed = true
	return &d
}()

// Times that a server may take, before a connection counts as lost.
const (
	connectTimeout = 5 * time.Second
	// connectTimeoutEach is for each of several hosts: one that hangs delays every new
	// connection to those behind it.
	connectTimeoutEach = 2 * time.Second
	keepAlive          = 5 * time.Second
	// idleInWrite is how long a process that hangs in a write holds up others.
	idleInWrite = 10 * time.Second
)

// times are how long a server may take for who serves; 0 is for ever.
type times struct {
	// patience is how long it may be silent when it is asked.
	patience time.Duration
	// lock is how long a writer waits for a lock, and read how long a statement takes
	// that reads: then the server itself ends it, as an error like any other, and the
	// connection is kept. One that is out of patience goes without a word, and the server
	// would go on waiting or reading, while other connections come in its place. What a
	// writer does has no such end: a COMMIT that waits for a standby must not have one.
	lock, read time.Duration
}

// serving outlasts idleInWrite where somebody waits for another's row.
var serving = times{patience: 15 * time.Second, lock: 12 * time.Second, read: 14 * time.Second}

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
		if severalHosts(config) {
			config.ConnectTimeout = connectTimeoutEach
		}
	}
	dialer := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: keepAlive, Interval: keepAlive, Count: 3}}
	config.DialFunc = dialer.DialContext
	if config.ValidateConnect == nil && severalHosts(config) {
		config.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsPrimary // a standby may be behind
	}
	set := func(name, value string) {
		if _, given := config.RuntimeParams[name]; !given {
			config.RuntimeParams[name] = value
		}
	}
	set("application_name", "trueup")
	set("jit", "off") // no statement is long enough for it
	// The server would hold the locks of a host that is gone for hours: who leads, too.
	set("tcp_keepalives_idle", "5")
	set("tcp_keepalives_interval", "5")
	set("tcp_keepalives_count", "3")
	return config, nil
}

// severalHosts reports whether there is more than one server to choose from: the same
// one may be there twice, with TLS and without.
func severalHosts(config *pgx.ConnConfig) bool {
	return slices.ContainsFunc(config.Fallbacks, func(f *pgconn.FallbackConfig) bool {
		return f.Host != config.Host || f.Port != config.Port
	})
}

// connections are the settings of connections of a kind.
type connections struct {
	times times
	// parameters are the server's own.
	parameters map[string]string
	// onlyRead has the server refuse writes, and end what takes too long to read.
	onlyRead bool
}

// openPostgres makes a handle for connections of a kind.
func openPostgres(config *pgx.ConnConfig, c connections) *sql.DB {
	own := config.Copy()
	for name, value := range c.parameters {
		own.RuntimeParams[name] = value
	}
	if c.times.patience > 0 {
		own.DialFunc = impatient(own.DialFunc, c.times.patience)
	}
	if c.onlyRead {
		// Not as a parameter: then no server would be target_session_attrs=read-write.
		set := "SET default_transaction_read_only = on"
		if c.times.read > 0 {
			set += "; SET statement_timeout = " + millis(c.times.read)
		}
		own.AfterConnect = func(ctx context.Context, conn *pgconn.PgConn) error { return conn.Exec(ctx, set).Close() }
	}
	return stdlib.OpenDB(*own)
}

// millis writes a time as a setting of the server.
func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// writingParameters are the settings of connections that write: a process that hangs holds nobody
// up for long, and every row is found by its key, by a plan that is made once. Citus
// has no such plan: it looks at the account to know the node.
func (d *dialect) writingParameters(t times) map[string]string {
	parameters := map[string]string{
		"idle_in_transaction_session_timeout": millis(idleInWrite),
		"lock_timeout":                        millis(t.lock),
		"enable_hashjoin":                     "off",
		"enable_mergejoin":                    "off",
		"enable_seqscan":                      "off",
	}
	if !d.distributed {
		parameters["plan_cache_mode"] = "force_generic_plan"
	}
	return parameters
}

// inOrder are the settings of connections of commands, which read a ledger as a whole, in
// the order of its keys. A server without statistics, as after a restore, takes an account
// for a handful of rows: it would read all of it and sort, for each sixteen submissions.
var inOrder = map[string]string{
	"enable_hashjoin": "off", "enable_mergejoin": "off", "enable_material": "off", "enable_sort": "off",
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
		return errors.Is(err, errSilent) || pgconn.SafeToRetry(err) || errors.As(err, &network) || pgconn.Timeout(err) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
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
