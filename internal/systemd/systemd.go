// Package systemd implements the parts of systemd's interface that a service needs: sockets
// that it inherits, and notifications of its state.
package systemd

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// States of a service for [Notify].
const (
	Ready    = "READY=1"
	Stopping = "STOPPING=1"
)

// firstSocket is the descriptor of the first socket that a process inherits.
const firstSocket = 3

// maxSockets bounds the number of sockets.
const maxSockets = 16

// Sockets returns the listening sockets that the process inherited from systemd by their names
// (FileDescriptorName), and removes the variables that describe them from the environment.
// Without socket activation it returns none.
func Sockets() (map[string]net.Listener, error) {
	pid, number, names := os.Getenv("LISTEN_PID"), os.Getenv("LISTEN_FDS"), os.Getenv("LISTEN_FDNAMES")
	if pid != strconv.Itoa(os.Getpid()) {
		return nil, nil //nolint:nilnil // none
	}
	err := errors.Join(os.Unsetenv("LISTEN_PID"), os.Unsetenv("LISTEN_FDS"), os.Unsetenv("LISTEN_FDNAMES"))
	if err != nil {
		return nil, err
	}
	count, err := strconv.Atoi(number)
	if err != nil || count < 0 || count > maxSockets {
		return nil, fmt.Errorf("LISTEN_FDS is %q: it must be a number of at most %d sockets", number, maxSockets)
	}
	sockets := make(map[string]net.Listener, count)
	for i, name := range sequence(names, count) {
		syscall.CloseOnExec(firstSocket + i)
		file := os.NewFile(uintptr(firstSocket+i), name)
		listener, err := net.FileListener(file)
		if err = errors.Join(err, file.Close()); err != nil {
			return nil, fmt.Errorf("use the inherited socket %q: %w", name, err)
		}
		if sockets[name] != nil {
			return nil, fmt.Errorf("two inherited sockets have the name %q: use a FileDescriptorName for each", name)
		}
		sockets[name] = listener
	}
	return sockets, nil
}

// sequence returns the names of count sockets in a text that separates them by colons. Missing
// names are "".
func sequence(names string, count int) []string {
	list := make([]string, count)
	copy(list, strings.Split(names, ":"))
	return list
}

// Notify sends the state to the service manager. Without one it does nothing.
func Notify(state string) error {
	address := os.Getenv("NOTIFY_SOCKET")
	if address == "" {
		return nil
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: address, Net: "unixgram"})
	if err != nil {
		return fmt.Errorf("notify systemd: %w", err)
	}
	_, err = conn.Write([]byte(state))
	return errors.Join(err, conn.Close())
}
