// Package check validates the requests and responses of tests against the OpenAPI document.
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
	validatorerrors "github.com/pb33f/libopenapi-validator/errors"

	"github.com/trueup-ledger/trueup/internal/openapi"
)

// Checker validates requests and responses against a document. It is safe for concurrent
// use.
type Checker struct {
	validator  validator.Validator
	operations operations
}

// ForProgram returns a checker for the program's own document. It creates the checker once.
var ForProgram = sync.OnceValues(func() (*Checker, error) {
	text, err := openapi.JSON()
	if err != nil {
		return nil, err
	}
	return newChecker(text)
})

// newChecker returns a checker for a document.
func newChecker(text []byte) (*Checker, error) {
	document, err := libopenapi.NewDocument(text)
	if err != nil {
		return nil, err
	}
	model, err := document.BuildV3Model()
	if err != nil {
		return nil, err
	}
	v, errs := validator.NewValidator(document, config.WithXmlBodyValidation(),
		config.WithBodyDecoder("application/xml", content.DecoderFunc(decodeXML)),
		config.WithBodyDecoder("application/x-ndjson", content.DecoderFunc(decodeLines)), config.WithURLEncodedBodyValidation(), config.WithoutSecurityValidation())
	if len(errs) > 0 {
		return nil, fmt.Errorf("%v", errs)
	}
	return &Checker{validator: v, operations: operationsOf(&model.Model)}, nil
}

// Document validates the document against the OpenAPI specification.
func (c *Checker) Document() error { return joinErrors(c.validator.ValidateDocument()) }

// Wrap returns a handler that serves like inner and calls report with an error for each
// request or response that doesn't conform to the document.
func (c *Checker) Wrap(inner http.Handler, report func(error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), errReader{err}))
		response := httptest.NewRecorder()
		inner.ServeHTTP(response, r)
		if err := c.exchange(r, body, response); err != nil {
			report(err)
		}
		for name, values := range response.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(response.Code)
		_, _ = w.Write(response.Body.Bytes()) // the caller may have disconnected
	})
}

// errReader returns the error of reading a body, or io.EOF.
type errReader struct{ err error }

func (e errReader) Read([]byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	return 0, io.EOF
}

// exchange validates a response. If it is a success, exchange also validates the request,
// because a rejected request needn't conform to the document. Requests without an operation
// in the document must be rejected with one of the common responses.
func (c *Checker) exchange(r *http.Request, body []byte, response *httptest.ResponseRecorder) error {
	canonical, o := c.operations.canonical(r, body)
	served := response.Code < http.StatusBadRequest
	if o == nil && served && response.Header().Get("Deprecation") != "" {
		return nil // a deprecated alias, which the document leaves out
	}
	if o == nil && served {
		return fmt.Errorf("%s %s is served but not described", r.Method, r.URL)
	}
	if o == nil {
		canonical, o = c.operations.fallback(r)
	}
	label := fmt.Sprintf("%s %s, described as %s %s, status %d", r.Method, r.URL, canonical.Method, o.path, response.Code)
	if served {
		if err := joinErrors(c.validator.ValidateHttpRequestSync(canonical)); err != nil {
			return fmt.Errorf("request %s, body %.500q: %w", label, body, err)
		}
	}
	if err := o.checkHeaders(response); err != nil {
		return fmt.Errorf("response to %s: %w", label, err)
	}
	if r.Method == http.MethodHead {
		return nil // the response has no body
	}
	if err := joinErrors(c.validator.ValidateHttpResponse(canonical, response.Result())); err != nil {
		return fmt.Errorf("response to %s: %w\n%.1500s", label, err, response.Body)
	}
	return nil
}

// undescribedHeaders lists the headers of all responses that the document leaves out.
var undescribedHeaders = []string{"Content-Type", "Content-Length", "Cache-Control", "X-Content-Type-Options", "Date"}

// checkHeaders returns an error for a status or header that isn't described. The
// validator checks those that are.
func (o *operation) checkHeaders(response *httptest.ResponseRecorder) error {
	described := o.responses.Codes.GetOrZero(strconv.Itoa(response.Code))
	if described == nil {
		return fmt.Errorf("the status %d is not described", response.Code)
	}
	for name := range response.Header() {
		if slices.Contains(undescribedHeaders, name) {
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

// joinErrors returns an error with all validation errors, or nil if valid is true.
func joinErrors(valid bool, errs []*validatorerrors.ValidationError) error {
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
