package bench

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
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

// conn is a minimal HTTP client on one persistent connection. It uses less CPU time than
// [http.Client], which matters because the load generator competes with the server.
type conn struct {
	host          string
	conn          net.Conn
	reader        *bufio.Reader
	buffer        []byte
	authorization []string
}

// requestTimeout is the time limit of a request.
const requestTimeout = time.Minute

// newConn returns the client's connection with the given number. It returns nil if conn
// doesn't support the URL of the server, such as one with TLS.
func newConn(client *Client, number int) *conn {
	server, err := url.Parse(client.root(number))
	if err != nil || server.Scheme != "http" || server.Path != "" {
		return nil
	}
	c := &conn{host: server.Host}
	for _, a := range client.Accounts {
		c.authorization = append(c.authorization, base64.StdEncoding.EncodeToString([]byte(a.SID+":"+a.Token)))
	}
	return c
}

// do sends a request to a path and returns the status and the body of the response.
func (c *conn) do(ctx context.Context, path string, r request) (status int, body []byte, err error) {
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
	if _, err := c.conn.Write(c.request(path, r)); err != nil {
		return 0, nil, err
	}
	return c.read()
}

// request encodes a request. The result is valid until the next call.
func (c *conn) request(path string, r request) []byte {
	b := c.buffer[:0]
	for _, part := range []string{
		r.method, " ", path, " HTTP/1.1\r\nHost: ", c.host, "\r\nAuthorization: Basic ", c.authorization[r.account],
		"\r\nAccept: application/json\r\n",
	} {
		b = append(b, part...)
	}
	if r.body != "" {
		b = append(append(append(b, "Content-Type: "...), r.content...), "\r\n"...)
	}
	if r.wait {
		b = append(append(b, preferWait...), "\r\n"...)
	}
	b = strconv.AppendInt(append(b, "Content-Length: "...), int64(len(r.body)), 10)
	c.buffer = append(append(b, "\r\n\r\n"...), r.body...)
	return c.buffer
}

// read reads a response.
func (c *conn) read() (status int, body []byte, err error) {
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
func (c *conn) header() (string, error) {
	text, err := c.reader.ReadSlice('\n')
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return string(bytes.TrimRight(text, "\r\n")), err
}

func (c *conn) close() {
	if c.conn != nil {
		_ = c.conn.Close()
	}
}
