package sftpserver

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/crypto/ssh"
)

// HostKey reads the private key of a server. If the file doesn't exist, HostKey creates it with a
// new Ed25519 key and mode 0600.
func HostKey(file string) (ssh.Signer, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err = createHostKey(file); err == nil {
			text, err = os.ReadFile(file)
		}
	}
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s: other users can access the key: change its mode to 0600", file)
	}
	signer, err := ssh.ParsePrivateKey(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return signer, nil
}

// createHostKey creates a file with a key, unless the file exists. It is complete when it has its
// name.
func createHostKey(file string) error {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	block, err := ssh.MarshalPrivateKey(key, "")
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*.tmp") // with mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	if err = pem.Encode(temp, block); err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err == nil {
		err = os.Link(temp.Name(), file)
	}
	if errors.Is(err, fs.ErrExist) { // another process was first
		return nil
	}
	return err
}

// maxKeys is the maximum size of a file of authorized keys in bytes.
const maxKeys = 64 << 10

// minRSA is the minimum length of RSA keys in bits.
const minRSA = 2048

var errKey = errors.New("the key is not one of the account")

// checkKey returns an error unless a key is authorized for the account. The file is read each time,
// so that a change has effect at once.
func (s *Server) checkKey(account int64, key ssh.PublicKey) error {
	f, err := os.Open(filepath.Join(s.Keys, strconv.FormatInt(account, 10)+".pub"))
	if errors.Is(err, fs.ErrNotExist) {
		return errKey
	}
	if err != nil {
		return err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxKeys+1))
	if err != nil {
		return err
	}
	if len(text) > maxKeys {
		return fmt.Errorf("%s has more than %d KiB", f.Name(), maxKeys>>10)
	}
	for len(text) > 0 {
		authorized, _, options, rest, err := ssh.ParseAuthorizedKey(text)
		if err != nil { // there are no more keys
			break
		}
		text = rest
		if !bytes.Equal(authorized.Marshal(), key.Marshal()) {
			continue
		}
		if len(options) > 0 {
			return fmt.Errorf("the key has the options %q in %s, which are not supported", options, f.Name())
		}
		return checkStrength(key)
	}
	return errKey
}

// checkStrength returns an error for short RSA keys.
func checkStrength(key ssh.PublicKey) error {
	c, is := key.(ssh.CryptoPublicKey)
	if !is {
		return nil
	}
	if k, is := c.CryptoPublicKey().(*rsa.PublicKey); is && k.N.BitLen() < minRSA {
		return fmt.Errorf("the key has less than %d bits", minRSA)
	}
	return nil
}

// parseUser returns the account that a user's name stands for.
func parseUser(user string) (int64, error) {
	account, err := strconv.ParseInt(user, 10, 64)
	if err != nil || account <= 0 || strconv.FormatInt(account, 10) != user {
		return 0, errors.New("the user must be the number of an account")
	}
	return account, nil
}

// loggedName returns the part of a user's name that is logged.
func loggedName(user string) string { return user[:min(len(user), 64)] }
