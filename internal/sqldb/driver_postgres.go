package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/trueup-ledger/trueup/internal/sqldb/failure"
)

// postgresDialect is the dialect of a server with many writers, which lock rows.
var postgresDialect = Dialect{
	Name:       PostgreSQL,
	ForUpdate:  " FOR UPDATE",
	SkipLocked: " FOR UPDATE SKIP LOCKED",
	Arrays:     true,
	goose:      goose.DialectPostgres,
	prepare:    preparePostgres,
	beginWrite: "BEGIN",
	beginRead:  "BEGIN READ ONLY ISOLATION LEVEL REPEATABLE READ",
	catalogue: `SELECT t.relname, c.attname, format_type(c.atttypid, c.atttypmod), coalesce(pg_get_expr(d.adbin, d.adrelid), ''),
		c.attnotnull, coalesce(array_position(i.indkey::int2[], c.attnum), -1) + 1
		FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
		LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = c.attnum
		LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary
		WHERE t.relkind = 'r' AND t.relnamespace = current_schema()::regnamespace ORDER BY t.relname, c.attnum`,
	probe:        "SELECT pg_logical_emit_message(true, 'trueup', '')", // a record in the WAL for nobody
	dollarParams: true,
	broken:       failure.Broken,
	retryable:    failure.Retryable,
}

const (
	connectTimeout = 5 * time.Second
	// multiHostConnectTimeout is the timeout for each of several hosts. A host that hangs
	// delays every new connection to the hosts after it.
	multiHostConnectTimeout = 2 * time.Second
	keepAlive               = 5 * time.Second
	keepAliveCount          = 3
	// idleInWrite is the time for which a process that hangs in a write transaction can
	// block others.
	idleInWrite = 10 * time.Second
)

// IsPostgres reports whether a location is the URL of a PostgreSQL database.
func IsPostgres(location string) bool {
	return strings.HasPrefix(location, "postgres://") || strings.HasPrefix(location, "postgresql://")
}

// parseURL returns the connection settings of a URL. Its error doesn't repeat the URL,
// which may contain a password.
func parseURL(url string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, errors.New("invalid PostgreSQL URL, want postgres://user:password@host:5432/database")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
		if hasSeveralHosts(config) {
			config.ConnectTimeout = multiHostConnectTimeout
		}
	}
	dialer := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: keepAlive, Interval: keepAlive, Count: keepAliveCount}}
	config.DialFunc = dialer.DialContext
	if config.ValidateConnect == nil && hasSeveralHosts(config) {
		config.ValidateConnect = pgconn.ValidateConnectTargetSessionAttrsPrimary // a standby may lag
	}
	setDefault := func(name, value string) {
		if _, given := config.RuntimeParams[name]; !given {
			config.RuntimeParams[name] = value
		}
	}
	setDefault("application_name", "trueup")
	setDefault("jit", "off") // no statement runs long enough to gain from it
	// Without keep-alives the server would hold the locks of a lost host for hours,
	// including the leader's.
	seconds := strconv.Itoa(int(keepAlive.Seconds()))
	setDefault("tcp_keepalives_idle", seconds)
	setDefault("tcp_keepalives_interval", seconds)
	setDefault("tcp_keepalives_count", strconv.Itoa(keepAliveCount))
	return config, nil
}

// hasSeveralHosts reports whether there is more than one server to choose from. One
// server may be listed twice, with TLS and without.
func hasSeveralHosts(config *pgx.ConnConfig) bool {
	return slices.ContainsFunc(config.Fallbacks, func(f *pgconn.FallbackConfig) bool {
		return f.Host != config.Host || f.Port != config.Port
	})
}

// connSettings are the settings of a kind of connection.
type connSettings struct {
	timeouts Timeouts
	// parameters are the server's runtime parameters.
	parameters map[string]string
	// readOnly makes the server reject writes and enforce Timeouts.Read.
	readOnly bool
}

// openPostgres returns a handle for connections with the settings c.
func openPostgres(config *pgx.ConnConfig, c connSettings) *sql.DB {
	own := config.Copy()
	for name, value := range c.parameters {
		own.RuntimeParams[name] = value
	}
	if c.timeouts.Response > 0 {
		own.DialFunc = withTimeout(own.DialFunc, c.timeouts.Response)
	}
	if c.readOnly {
		// As a runtime parameter it would make every server fail target_session_attrs=read-write.
		set := "SET default_transaction_read_only = on"
		if c.timeouts.Read > 0 {
			set += "; SET statement_timeout = " + millis(c.timeouts.Read)
		}
		own.AfterConnect = func(ctx context.Context, conn *pgconn.PgConn) error { return conn.Exec(ctx, set).Close() }
	}
	return stdlib.OpenDB(*own)
}

// millis returns a duration as the value of a server's setting.
func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// writerParameters returns the parameters of connections that write. A process that
// hangs must not block others for long, and every row must be found by its key, with a
// generic plan that is made once. Citus needs a plan for each value of the first column,
// by which it finds the node.
func (d *Dialect) writerParameters(t Timeouts) map[string]string {
	parameters := map[string]string{
		"idle_in_transaction_session_timeout": millis(idleInWrite),
		"lock_timeout":                        millis(t.Lock),
		"enable_hashjoin":                     "off",
		"enable_mergejoin":                    "off",
		"enable_seqscan":                      "off",
	}
	if !d.Distributed {
		parameters["plan_cache_mode"] = "force_generic_plan"
	}
	return parameters
}

// scanParameters are the parameters of commands that read whole tables in the order of
// their keys. Without statistics, as after a restore, the planner assumes that a tenant
// has only a few rows, and would read and sort all of them for each small chunk.
var scanParameters = map[string]string{
	"enable_hashjoin": "off", "enable_mergejoin": "off", "enable_material": "off", "enable_sort": "off",
}
