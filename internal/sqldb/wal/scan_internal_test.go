package wal

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/trueup-ledger/trueup/internal/testenv"
)

// newWAL returns a WAL of some commits and the frame at which each ends. The file of a
// reused WAL ends with frames of an earlier generation.
func newWAL(t *testing.T, reused bool) (content []byte, ends []int64) {
	t.Helper()
	dir := t.TempDir()
	w := openWriter(t, dir)
	if reused {
		w.exec("INSERT INTO texts VALUES (1000, ?)", bytes.Repeat([]byte("x"), 200_000))
		w.Checkpoint()
	}
	for i := range 20 {
		w.exec("INSERT INTO texts VALUES (?, ?)", i, string(bytes.Repeat([]byte{'a' + byte(i)}, 100+i*700)))
		content = readWAL(t, dir)
		c, err := Scan(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		ends = append(ends, c.Frames)
	}
	return content, ends
}

func frameAt(content []byte, n int64) []byte {
	size := frameHeaderSize + int64(binary.BigEndian.Uint32(content[8:]))
	return content[headerSize+(n-1)*size:][:size]
}

func TestScanFindsTheEnd(t *testing.T) {
	for name, reused := range map[string]bool{"a new WAL": false, "a reused WAL": true} {
		t.Run(name, func(t *testing.T) {
			content, ends := newWAL(t, reused)
			last := ends[len(ends)-1]
			c, err := Scan(bytes.NewReader(content))
			if err != nil || c.HeaderDamaged || c.Frames != last || c.IntactBehind+c.DamagedBehind != 0 || c.Salt != Salt(content[16:24]) {
				t.Errorf("%+v, error %v; want %d frames", c, err, last)
			}
			for _, size := range []int{0, 1, headerSize - 1, headerSize, headerSize + 5000} { // a crash can leave any length
				if c, err := Scan(bytes.NewReader(content[:size])); err != nil || c.HeaderDamaged || c.Frames > 1 {
					t.Errorf("%d bytes: %+v, error %v", size, c, err)
				}
			}
			// A transaction without its last frame is not committed.
			cut := content[:len(content)-1]
			if reused {
				cut = bytes.Clone(content)
				clear(frameAt(cut, last))
			}
			if c, err := Scan(bytes.NewReader(cut)); err != nil || c.Frames != ends[len(ends)-2] || c.IntactBehind+c.DamagedBehind != 0 {
				t.Errorf("%+v, error %v; want %d frames", c, err, ends[len(ends)-2])
			}
		})
	}
}

// TestScanFindsWhatSQLiteDrops flips a bit, and opens the database with SQLite.
func TestScanFindsWhatSQLiteDrops(t *testing.T) {
	content, ends := newWAL(t, true)
	last := ends[len(ends)-1]
	size := int(headerSize + last*int64(len(frameAt(content, 1))))
	random := rand.New(rand.NewPCG(1, 2))
	for range testenv.Scale(100, 2000) {
		flipped, bit := bytes.Clone(content), random.IntN(8*size)
		flipped[bit/8] ^= 1 << (bit % 8)
		c, err := Scan(bytes.NewReader(flipped))
		if err != nil {
			t.Fatal(err)
		}
		if bit/8 < headerSize {
			if !c.HeaderDamaged {
				t.Errorf("bit %d of the header: %+v", bit, c)
			}
			continue
		}
		frame := int64((bit/8-headerSize)/len(frameAt(content, 1))) + 1
		var want, behind int64
		for _, end := range ends {
			if end < frame {
				want = end
			} else {
				behind++
			}
		}
		// The commit of the flipped frame itself can be unrecognizable.
		if c.Frames != want || c.IntactBehind+c.DamagedBehind < behind-1 {
			t.Errorf("bit %d of frame %d: %+v, want %d frames and %d commits behind", bit, frame, c, want, behind)
		}
	}
}

func TestTheMarkIsTheLastCommit(t *testing.T) {
	dir := t.TempDir()
	w := openWriter(t, dir)
	path := filepath.Join(dir, fileName)
	check := func(records int64) {
		t.Helper()
		c, err := Scan(bytes.NewReader(readWAL(t, dir)))
		if err != nil {
			t.Fatal(err)
		}
		mark, found, err := ReadMark(path)
		if want := (Position{Salt: c.Salt, Frames: c.Frames, Records: records}); mark != want || !found || err != nil {
			t.Errorf("the mark is %+v, %t, %v; want %+v", mark, found, err, want)
		}
	}
	check(0)
	for i := range 10 {
		MarkOf(path).Count(3)
		w.exec("INSERT INTO texts VALUES (?, ?)", i, string(make([]byte, 10_000*i)))
		check(int64(3 * (i + 1)))
	}
	w.Checkpoint()
	w.exec("INSERT INTO texts VALUES (100, 'the WAL is reused')")
	check(30)
	w.Truncate()
	if mark, found, err := ReadMark(path); mark != (Position{Records: 30}) || !found || err != nil {
		t.Errorf("after the WAL was truncated the mark is %+v, %t, %v", mark, found, err)
	}
	w.exec("INSERT INTO texts VALUES (101, 'the WAL grows again')")
	check(30)
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	if mark, found, err := ReadMark(path); mark != (Position{Records: 30}) || !found || err != nil {
		t.Errorf("after the WAL was deleted the mark is %+v, %t, %v", mark, found, err)
	}
}

func TestADamagedSlotOfTheMarkIsIgnored(t *testing.T) {
	path := filepath.Join(t.TempDir(), fileName)
	mark := MarkOf(path)
	for records := range int64(4) {
		if err := mark.Set(records); err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(path + MarkSuffix)
	if err != nil {
		t.Fatal(err)
	}
	for bit := range 8 * len(content) {
		flipped := bytes.Clone(content)
		flipped[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(path+MarkSuffix, flipped, 0o600); err != nil {
			t.Fatal(err)
		}
		if p, found, err := ReadMark(path); !found || err != nil || p.Records < 2 {
			t.Fatalf("bit %d: %+v, %t, %v", bit, p, found, err)
		}
	}
}

func BenchmarkMark(b *testing.B) {
	mark := MarkOf(filepath.Join(b.TempDir(), fileName))
	mark.open()
	defer mark.close()
	for n := range b.N {
		mark.commit(Salt{1}, int64(n))
	}
}

func BenchmarkScan(b *testing.B) {
	content := make([]byte, 100<<20)
	binary.BigEndian.PutUint32(content, magic)
	binary.BigEndian.PutUint32(content[4:], version)
	binary.BigEndian.PutUint32(content[8:], 4096)
	sum := checksum{}.add(binary.LittleEndian, content[:24])
	binary.BigEndian.PutUint32(content[24:], sum[0])
	binary.BigEndian.PutUint32(content[28:], sum[1])
	for n := headerSize; n < len(content); n += frameHeaderSize + 4096 {
		content[n] = 1 // the number of a page
	}
	b.SetBytes(int64(len(content)))
	for b.Loop() {
		if _, err := Scan(bytes.NewReader(content)); err != nil {
			b.Fatal(err)
		}
	}
}
