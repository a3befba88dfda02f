package transport

import (
	"net/http"
	"strings"
)

// IsOriginal reports whether the host is the Brand API's.
func IsOriginal(host string) bool {
	host = strings.ToLower(host)
	return host == "impact.com" || strings.HasSuffix(host, ".impact.com")
}

// Ignored returns the names of parameters and columns that the server did not read.
func Ignored(h http.Header) (names []string) {
	for name := range strings.SplitSeq(h.Get("Trueup-Ignored-Parameters"), ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}
