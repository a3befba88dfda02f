package account

import (
	"crypto/rand"
	"encoding/binary"
	"time"

	"github.com/trueup-ledger/trueup/internal/sqldb"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore/column"
)

// Create inserts the rows of a new account, with a random salt and hash key.
func Create(s *sqldb.Session, account int64, at time.Time) error {
	var salt [4]byte
	var key [32]byte
	rand.Read(salt[:]) // never fails: the program ends if there is no randomness
	rand.Read(key[:])
	err := s.Exec("INSERT INTO accounts (account, salt, hash_key) VALUES (?, ?, ?)",
		account, int64(binary.BigEndian.Uint32(salt[:])), key[:])
	if err == nil {
		err = s.Exec("INSERT INTO intake (account, number, instant) VALUES (?, 0, ?)", account, column.Micros(at))
	}
	if err == nil {
		err = s.Exec("INSERT INTO applier (account, number, instant, last_update, attempts) VALUES (?, 0, ?, 0, 0)",
			account, column.Micros(at))
	}
	if err == nil {
		err = s.Exec("INSERT INTO billing (account, since, gathered, gathered_number, late, period, partner, fenced, recorded) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			account, column.Micros(at), int64(0), int64(0), int64(0), column.Micros(at), int64(0), int64(0), int64(0))
	}
	return err
}
