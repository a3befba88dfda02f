package spelling

import (
	"net/url"
	"strings"
)

// NearestPath returns the path that an escaped one is probably a misspelling of, or "". It is
// that of the first pattern of [net/http.ServeMux] that is similar, with the values of path,
// shortened by excerpt.
func NearestPath(path string, patterns []string, excerpt func(string) string) string {
	segments := strings.Split(path, "/")
	for _, pattern := range patterns {
		if near := nearestPath(strings.Split(pattern, "/"), segments, excerpt); near != "" {
			return near
		}
	}
	return ""
}

// nearestPath returns the path of a pattern that the given path is probably a misspelling of,
// or "".
func nearestPath(pattern, path []string, excerpt func(string) string) string {
	if len(pattern) != len(path) {
		return ""
	}
	near := make([]string, len(pattern))
	for i, segment := range pattern {
		sent, err := url.PathUnescape(path[i])
		switch {
		case err != nil || sent == "":
			if segment != path[i] {
				return ""
			}
			near[i] = segment
		case strings.HasPrefix(segment, "{"):
			near[i] = excerpt(sent)
		case segment == sent || Nearest(sent, []string{segment}) != "":
			near[i] = segment
		default:
			return ""
		}
	}
	return strings.Join(near, "/")
}
