package wire

import (
	"strconv"
	"strings"
)

// Versions of the protocol.
const (
	OldestVersion  = 11
	CurrentVersion = 14
)

// VersionHeaders lists the headers that can ask for a version: IR-Version and IrVersion, in the
// form in which net/http looks them up without an allocation.
var VersionHeaders = []string{"Ir-Version", "Irversion"}

// Version returns the version that a request asks for by parameter, else the one in
// header, else fallback. The error is an [*Error].
func Version(p *Params, header string, fallback int) (int, error) {
	d := NewDecoder(p, Env{})
	version, found := read(d, parseVersion, "IrVersion", "Ir-Version")
	if found {
		return version, d.Err()
	}
	if header == "" {
		return fallback, nil
	}
	version, err := parseVersion(header)
	if err != nil {
		return 0, Invalid(FieldError{"IR-Version", err.Error()})
	}
	return version, nil
}

func parseVersion(s string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < OldestVersion || n > CurrentVersion {
		return 0, valueError("Unknown version: use 11, 12, 13 or 14")
	}
	return n, nil
}
