// Package flags declares the flags of servers: how they listen and what they log.
package flags

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/trueup-ledger/trueup/internal/certificate"
	"github.com/trueup-ledger/trueup/internal/forwarded"
	"github.com/trueup-ledger/trueup/internal/server"
	"github.com/trueup-ledger/trueup/internal/systemd"
)

// Log holds the flags of the log.
type Log struct {
	LogFormat string `enum:"json,text" default:"json" env:"TRUEUP_LOG_FORMAT" placeholder:"FORMAT" help:"Format of the log: json or text (default: ${default})."`
	LogLevel  string `enum:"debug,info,warn,error" default:"info" env:"TRUEUP_LOG_LEVEL" placeholder:"LEVEL" help:"Least level of the log: debug, info, warn or error (default: ${default})."`
	AccessLog bool   `env:"TRUEUP_ACCESS_LOG" help:"Log each request, without its query and headers."`
}

// Logger returns a logger that writes to w.
func (l Log) Logger(w io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(l.LogLevel)) // kong has checked it
	options := &slog.HandlerOptions{Level: level}
	if l.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(w, options))
	}
	return slog.New(slog.NewJSONHandler(w, options))
}

// Listener holds the flags of the listeners, without their addresses.
type Listener struct {
	TLSCert        string   `name:"tls-cert" type:"path" env:"TRUEUP_TLS_CERT" placeholder:"FILE" help:"Certificate chain in PEM; the server then speaks HTTPS only. A changed file is read again."`
	TLSKey         string   `name:"tls-key" type:"path" env:"TRUEUP_TLS_KEY" placeholder:"FILE" help:"Private key of --tls-cert in PEM."`
	AdminTLSCert   string   `name:"admin-tls-cert" type:"path" env:"TRUEUP_ADMIN_TLS_CERT" placeholder:"FILE" help:"Certificate chain of the admin API (default: that of --tls-cert)."`
	AdminTLSKey    string   `name:"admin-tls-key" type:"path" env:"TRUEUP_ADMIN_TLS_KEY" placeholder:"FILE" help:"Private key of --admin-tls-cert."`
	TrustedProxies []string `env:"TRUEUP_TRUSTED_PROXIES" placeholder:"CIDR,…" help:"Networks of proxies whose header names the caller (default: none, the header is ignored)."`
	ProxyHeader    string   `enum:"x-forwarded-for,forwarded" default:"x-forwarded-for" env:"TRUEUP_PROXY_HEADER" placeholder:"NAME" help:"Header in which --trusted-proxies name the caller: x-forwarded-for or forwarded (default: ${default})."`
}

// Validate reports flags that don't fit together. Kong calls it.
func (l Listener) Validate() error {
	if (l.TLSCert == "") != (l.TLSKey == "") {
		return errors.New("--tls-cert and --tls-key: set both or neither")
	}
	if (l.AdminTLSCert == "") != (l.AdminTLSKey == "") {
		return errors.New("--admin-tls-cert and --admin-tls-key: set both or neither")
	}
	if _, err := forwarded.ParseNetworks(l.TrustedProxies); err != nil {
		return fmt.Errorf("--trusted-proxies: %w", err)
	}
	return nil
}

// Apply sets the fields of c that the flags configure. c has the addresses and the log.
func (l Listener) Apply(c *server.Config) (err error) {
	if err := checkAddress(c.Listen); err != nil {
		return fmt.Errorf("--listen: %w", err)
	}
	if err := checkAddress(c.AdminListen); err != nil && c.AdminListen != "" {
		return fmt.Errorf("--admin-listen: %w", err)
	}
	if c.Proxies.Networks, err = forwarded.ParseNetworks(l.TrustedProxies); err != nil {
		return fmt.Errorf("--trusted-proxies: %w", err)
	}
	c.Proxies.Header = forwarded.XForwardedFor
	if strings.EqualFold(l.ProxyHeader, forwarded.Forwarded) {
		c.Proxies.Header = forwarded.Forwarded
	}
	if l.TLSCert != "" {
		if c.TLS, err = certificate.Open(l.TLSCert, l.TLSKey, time.Now, c.Log); err != nil {
			return fmt.Errorf("--tls-cert: %w", err)
		}
		c.AdminTLS = c.TLS
	}
	if l.AdminTLSCert != "" {
		if c.AdminTLS, err = certificate.Open(l.AdminTLSCert, l.AdminTLSKey, time.Now, c.Log); err != nil {
			return fmt.Errorf("--admin-tls-cert: %w", err)
		}
	}
	return nil
}

// checkAddress reports an address that no listener can have.
func checkAddress(address string) error {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%q must be a host and a port, such as 127.0.0.1:8080", address)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("%q: the port must be a number from 0 to 65535", address)
	}
	return nil
}

// adminSocket is the name of an inherited socket for the admin API.
const adminSocket = "admin"

// Manage gives c the sockets that the process inherited from systemd, and makes the server notify
// systemd of its state until ctx is done.
func Manage(ctx context.Context, c *server.Config) error {
	sockets, err := systemd.Sockets()
	if err != nil {
		return err
	}
	for name, socket := range sockets {
		field := &c.Socket
		if name == adminSocket {
			field = &c.AdminSocket
		}
		if *field != nil {
			return fmt.Errorf("systemd passed more sockets than the API and the admin API (FileDescriptorName=%s) have", adminSocket)
		}
		*field = socket
	}
	if c.AdminSocket != nil && c.AdminListen == "" {
		return errors.New("systemd passed a socket for the admin API, which --admin-listen disables")
	}
	notify := func(state string) {
		if err := systemd.Notify(state); err != nil {
			c.Log.Warn("systemd was not notified", "state", state, "error", err)
		}
	}
	ready := c.Ready
	c.Ready = func(url, admin string) {
		ready(url, admin)
		notify(systemd.Ready)
	}
	context.AfterFunc(ctx, func() { notify(systemd.Stopping) })
	return nil
}
