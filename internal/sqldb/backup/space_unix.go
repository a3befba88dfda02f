//go:build linux || darwin

package backup

import "syscall"

// freeSpace returns the number of bytes that the disk of a folder has for the user.
func freeSpace(dir string) (free uint64, known bool, err error) {
	var s syscall.Statfs_t
	err = syscall.Statfs(dir, &s)
	return s.Bavail * uint64(s.Bsize), err == nil, err
}
