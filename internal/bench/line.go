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

// line is one connection that is kept and serves one request at a time. It does no
// more than it must: on one machine the load's every microsecond is one that the
// server lacks.
type line struct {
	host   string
	conn   net.Conn
	in     *bufio.Reader
	out    []byte
	access []string
}

// answerLimit is how long a server may take.
const answerLimit = time.Minute

// newLine answers a client's line with a number, or nil where that takes more than
// plain HTTP.
func newLine(c *Client, number int) *line {
	at, err := url.Parse(c.root(number))
	if err != nil || at.Scheme != "http" || at.Path != "" {
		return nil
	}
	l := &line{host: at.Host}
	for _, a := range c.Accounts {
		l.access = append(l.access, base64.StdEncoding.EncodeToString([]byte(a.SID+":"+a.Token)))
	}
	return l
}

// do sends a request to a path and answers the status and the body.
func (l *line) do(ctx context.Context, path string, r request) (status int, body []byte, err error) {
	if l.conn == nil {
		dialer := net.Dialer{}
		if l.conn, err = dialer.DialContext(ctx, "tcp", l.host); err != nil {
			return 0, nil, err
		}
		l.in = bufio.NewReader(l.conn)
	}
	if err := l.conn.SetDeadline(time.Now().Add(answerLimit)); err != nil {
		return 0, nil, err
	}
	if _, err := l.conn.Write(l.request(path, r)); err != nil {
		return 0, nil, err
	}
	return l.read()
}

// request answers the bytes of a request, until the next.
func (l *line) request(path string, r request) []byte {
	b := l.out[:0]
	for _, part := range []string{
		r.method, " ", path, " HTTP/1.1\r\nHost: ", l.host, "\r\nAuthorization: Basic ", l.access[r.account],
		"\r\nAccept: application/json\r\n",
	} {
		b = append(b, part...)
	}
	if r.body != "" {
		b = append(append(append(b, "Content-Type: "...), r.content...), "\r\n"...)
	}
	b = strconv.AppendInt(append(b, "Content-Length: "...), int64(len(r.body)), 10)
	l.out = append(append(b, "\r\n\r\n"...), r.body...)
	return l.out
}

// read reads an answer.
func (l *line) read() (status int, body []byte, err error) {
	first, err := l.header()
	if err != nil {
		return 0, nil, err
	}
	_, code, _ := strings.Cut(first, " ")
	if status, err = strconv.Atoi(code[:min(3, len(code))]); err != nil || !strings.HasPrefix(first, "HTTP/1.1 ") {
		return 0, nil, fmt.Errorf("%q is no answer of HTTP/1.1", first)
	}
	length, chunked := 0, false
	for {
		field, err := l.header()
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
		_, err = io.ReadFull(l.in, body)
		return status, body, err
	}
	body, err = io.ReadAll(httputil.NewChunkedReader(l.in))
	if err == nil {
		_, err = l.header() // the line that ends the trailer
	}
	return status, body, err
}

// header reads a line of a header.
func (l *line) header() (string, error) {
	text, err := l.in.ReadSlice('\n')
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return string(bytes.TrimRight(text, "\r\n")), err
}

func (l *line) close() {
	if l.conn != nil {
		_ = l.conn.Close() // what it has to say is read
	}
}
