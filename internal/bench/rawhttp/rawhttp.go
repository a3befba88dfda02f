// Package rawhttp is a minimal HTTP client on one persistent connection. It uses less CPU time
// than [net/http.Client], which matters to a load generator that competes with the server.
package rawhttp

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Conn is a connection to a server. It is opened by the first request.
type Conn struct {
	host   string
	conn   net.Conn
	reader *bufio.Reader
	buffer []byte
}

// requestTimeout is the time limit of a request.
const requestTimeout = time.Minute

// New returns a connection to the server at a URL. It returns nil if the package doesn't
// support the URL, such as one with TLS.
func New(root string) *Conn {
	server, err := url.Parse(root)
	if err != nil || server.Scheme != "http" || server.Path != "" {
		return nil
	}
	return &Conn{host: server.Host}
}

// Request is a request. Empty fields of the header are not sent.
type Request struct {
	Method, Path string
	// Authorization, ContentType and Prefer are fields of the header.
	Authorization, ContentType, Prefer string
	Body                               string
}

// Do sends a request and returns the status and the body of the response.
func (c *Conn) Do(ctx context.Context, r Request) (status int, body []byte, err error) {
	if c.conn == nil {
		dialer := net.Dialer{}
		if c.conn, err = dialer.DialContext(ctx, "tcp", c.host); err != nil {
			return 0, nil, err
		}
		c.reader = bufio.NewReader(c.conn)
	}
	if err := c.conn.SetDeadline(time.Now().Add(requestTimeout)); err != nil {
		return 0, nil, err
	}
	if _, err := c.conn.Write(c.encode(r)); err != nil {
		return 0, nil, err
	}
	return c.read()
}

// encode encodes a request. The result is valid until the next call.
func (c *Conn) encode(r Request) []byte {
	b := c.buffer[:0]
	for _, part := range []string{r.Method, " ", r.Path, " HTTP/1.1\r\nHost: ", c.host, "\r\nAccept: application/json\r\n"} {
		b = append(b, part...)
	}
	b = appendField(b, "Authorization: ", r.Authorization)
	b = appendField(b, "Content-Type: ", r.ContentType)
	b = appendField(b, "Prefer: ", r.Prefer)
	b = strconv.AppendInt(append(b, "Content-Length: "...), int64(len(r.Body)), 10)
	c.buffer = append(append(b, "\r\n\r\n"...), r.Body...)
	return c.buffer
}

func appendField(b []byte, name, value string) []byte {
	if value == "" {
		return b
	}
	return append(append(append(b, name...), value...), "\r\n"...)
}

// read reads a response.
func (c *Conn) read() (status int, body []byte, err error) {
	first, err := c.header()
	if err != nil {
		return 0, nil, err
	}
	_, code, _ := strings.Cut(first, " ")
	if status, err = strconv.Atoi(code[:min(3, len(code))]); err != nil || !strings.HasPrefix(first, "HTTP/1.1 ") {
		return 0, nil, fmt.Errorf("%q is not an HTTP/1.1 response", first)
	}
	length, chunked := 0, false
	for {
		field, err := c.header()
		if err != nil {
			return 0, nil, err
		}
		if field == "" {
			break
		}
		name, value, _ := strings.Cut(field, ":")
		switch value = strings.TrimSpace(value); {
		case strings.EqualFold(name, "Content-Length"):
			length, err = strconv.Atoi(value)
		case strings.EqualFold(name, "Transfer-Encoding"):
			chunked = true
		}
		if err != nil {
			return 0, nil, err
		}
	}
	if !chunked {
		body = make([]byte, length)
		_, err = io.ReadFull(c.reader, body)
		return status, body, err
	}
	body, err = io.ReadAll(httputil.NewChunkedReader(c.reader))
	if err == nil {
		_, err = c.header() // the empty line after the trailer
	}
	return status, body, err
}

// header reads a line of the header.
func (c *Conn) header() (string, error) {
	text, err := c.reader.ReadSlice('\n')
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return string(bytes.TrimRight(text, "\r\n")), err
}

// Close closes the connection.
func (c *Conn) Close() {
	if c.conn != nil {
		_ = c.conn.Close()
	}
}
