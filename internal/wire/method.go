package wire

import "strings"

// Method returns the effective method of a request: a POST can ask for PUT or DELETE in
// the parameter _method. The error is an [*Error].
func Method(method string, p *Params) (string, error) {
	if method != "POST" {
		return method, nil
	}
	d := NewDecoder(p, Env{})
	override, found := read(d, func(s string) (string, error) {
		switch upper := strings.ToUpper(s); upper {
		case "POST", "PUT", "DELETE":
			return upper, nil
		default:
			return "", valueError("Must be PUT or DELETE")
		}
	}, "_method")
	if !found {
		return method, nil
	}
	return override, d.Err()
}
