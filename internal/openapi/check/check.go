// Package check holds the OpenAPI document against the program, in tests: a handler
// that is wrapped has each request that it serves and each answer that it gives
// validated.
package check

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/content"
	invalid "github.com/pb33f/libopenapi-validator/errors"

	"github.com/trueup-ledger/trueup/internal/openapi"
)

// Checker validates by one document; it is safe for concurrent use.
type Checker struct {
	validator  validator.Validator
	operations operations
}

// ForProgram answers the checker by the program's own document, made once.
var ForProgram = sync.OnceValues(func() (*Checker, error) {
	text, err := openapi.JSON()
	if err != nil {
		return nil, err
	}
	return New(text)
})

// New answers a checker by a document, or why that is none.
func New(text []byte) (*Checker, error) {
	document, err := libopenapi.NewDocument(text)
	if err != nil {
		return nil, err
	}
	model, err := document.BuildV3Model()
	if err != nil {
		return nil, err
	}
	v, errs := validator.NewValidator(document, config.WithXmlBodyValidation(),
		config.WithBodyDecoder("application/xml", content.DecoderFunc(decodeXML)), config.WithURLEncodedBodyValidation(), config.WithoutSecurityValidation())
	if len(errs) > 0 {
		return nil, fmt.Errorf("%v", errs)
	}
	return &Checker{validator: v, operations: operationsOf(&model.Model)}, nil
}

// Document answers what breaks the rules of OpenAPI in the document itself.
func (c *Checker) Document() error { return joined(c.validator.ValidateDocument()) }

// Wrap answers a handler that serves as the inner one does; broken is told what
// request or answer the document does not describe.
func (c *Checker) Wrap(inner http.Handler, broken func(error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), errReader{err}))
		answer := httptest.NewRecorder()
		inner.ServeHTTP(answer, r)
		if err := c.Exchange(r, body, answer); err != nil {
			broken(err)
		}
		for name, values := range answer.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes()) // who has gone does not read it
	})
}

// errReader hands on why a body could not be read.
type errReader struct{ err error }

func (e errReader) Read([]byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	return 0, io.EOF
}

// Exchange validates an answer, and the request where that was served: one that was
// refused may well break the document. What no path or method describes must have
// been refused, by an answer that every operation can give.
func (c *Checker) Exchange(r *http.Request, body []byte, answer *httptest.ResponseRecorder) error {
	described, o := c.operations.canonical(r, body)
	served := answer.Code < http.StatusBadRequest
	if o == nil && served {
		return fmt.Errorf("%s %s is served and not described", r.Method, r.URL)
	}
	if o == nil {
		described, o = c.operations.any(r)
	}
	about := fmt.Sprintf("%s %s, described as %s %s, answered %d", r.Method, r.URL, described.Method, o.path, answer.Code)
	if served {
		if err := joined(c.validator.ValidateHttpRequestSync(described)); err != nil {
			return fmt.Errorf("the request %s, body %.500q: %w", about, body, err)
		}
	}
	if err := o.headers(answer); err != nil {
		return fmt.Errorf("the answer to %s: %w", about, err)
	}
	if r.Method == http.MethodHead {
		return nil // its answer is that of a GET, without the body
	}
	if err := joined(c.validator.ValidateHttpResponse(described, answer.Result())); err != nil {
		return fmt.Errorf("the answer to %s: %w\n%.1500s", about, err, answer.Body)
	}
	return nil
}

// usual are headers of any answer, which no document describes.
var usual = []string{"Content-Type", "Content-Length", "Cache-Control", "X-Content-Type-Options", "Date"}

// headers answers what the answer may not have: a status or a header that is not
// described. The validator looks at those that are.
func (o *operation) headers(answer *httptest.ResponseRecorder) error {
	described := o.answers.Codes.GetOrZero(strconv.Itoa(answer.Code))
	if described == nil {
		return fmt.Errorf("the status %d is not described", answer.Code)
	}
	for name := range answer.Header() {
		if slices.Contains(usual, name) {
			continue
		}
		if described.Headers != nil && slices.ContainsFunc(slices.Collect(described.Headers.KeysFromOldest()),
			func(known string) bool { return strings.EqualFold(known, name) }) {
			continue
		}
		return fmt.Errorf("the header %s is not described", name)
	}
	return nil
}

func joined(valid bool, errs []*invalid.ValidationError) error {
	if valid {
		return nil
	}
	var b strings.Builder
	for _, e := range errs {
		fmt.Fprintf(&b, "\n%s: %s", e.Message, e.Reason)
		for _, s := range e.SchemaValidationErrors {
			fmt.Fprintf(&b, "\n  %s: %s", s.FieldPath, s.Reason)
		}
	}
	return fmt.Errorf("not as described:%s", b.String())
}
