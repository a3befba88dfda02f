package scrub_test

import (
	"bytes"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/trueup-ledger/trueup/internal/sqldb/scrub"
)

// BenchmarkClean cleans the pages of a file, as a checkpoint does.
func BenchmarkClean(b *testing.B) {
	path := filepath.Join(b.TempDir(), "test.db")
	fill(b, path, 4096, rand.New(rand.NewPCG(1, 1)))
	file := read(b, path)
	page := make([]byte, 4096)
	b.ResetTimer()
	for i := range b.N {
		n := i % (len(file) / len(page))
		copy(page, file[n*len(page):])
		scrub.Clean(page, int64(n+1))
	}
	b.SetBytes(4096)
	if bytes.Equal(page, file) {
		b.Fail()
	}
}
