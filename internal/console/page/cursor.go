package page

import (
	"net/http"
	"net/url"

	"github.com/trueup-ledger/trueup/internal/cursor"
)

// cursorName is the name of the parameter of the protocol.
const cursorName = "Cursor"

// Cursor returns the cursor in the parameter "page" of the URL, or "" for the first page. Anything
// else is a [Problem]: a URI of the protocol would choose its own list and size, and a page that is
// found by counting reads everything before it.
func (r *Request) Cursor() (string, error) {
	text := r.R.URL.Query().Get("page")
	if text == "" {
		return "", nil
	}
	if c, err := cursor.Parse(text); err != nil || c.Side != cursor.Below {
		return "", &Problem{http.StatusBadRequest, "The list has no such page", "Open the list again and load more from there."}
	}
	return text, nil
}

// SetCursor makes the parameters of a list those of the page with a cursor.
func SetCursor(query url.Values, text string) {
	if text != "" {
		query.Set(cursorName, text)
	}
}

// NextCursor returns the cursor in the URI of a next page, or "" if there is none.
func NextCursor(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return ""
	}
	return u.Query().Get(cursorName)
}
