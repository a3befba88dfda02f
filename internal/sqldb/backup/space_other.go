//go:build !linux && !darwin

package backup

// freeSpace reports that the space is not known.
func freeSpace(string) (free uint64, known bool, err error) { return 0, false, nil }
