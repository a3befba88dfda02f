package dialect

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// maxEntries is the maximum number of entries of an archive. Each takes memory.
const maxEntries = 1_000

// unpack returns the content of a compressed file, and the name of the compression. It returns
// other content as it is. A workbook is an archive, but not unpacked.
func unpack(content []byte, limit int) (unpacked []byte, container string, err error) {
	unpacked, container, err = unpackOnce(content, limit)
	if err != nil || container == "" {
		return unpacked, container, err
	}
	if _, again, err := unpackOnce(unpacked, limit); err != nil || again != "" {
		return nil, "", Error("The file is compressed twice: send it compressed once")
	}
	return unpacked, container, nil
}

func unpackOnce(content []byte, limit int) (unpacked []byte, container string, err error) {
	switch {
	case bytes.HasPrefix(content, []byte("\x1f\x8b")):
		r, err := gzip.NewReader(bytes.NewReader(content))
		if err != nil {
			return nil, "", errDamaged
		}
		unpacked, err := readAll(r, limit)
		return unpacked, "gzip", err
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		archive, err := openArchive(content)
		if err != nil {
			return nil, "", err
		}
		if isWorkbook(archive) {
			return content, "", nil
		}
		unpacked, err := unzip(archive, limit)
		return unpacked, "zip", err
	}
	return content, "", nil
}

const errDamaged = Error("The file is damaged or incomplete: create the archive or workbook again")

// openArchive returns the directory of a zip archive.
func openArchive(content []byte) (*zip.Reader, error) {
	if n := bytes.Count(content, []byte("PK\x01\x02")); n > maxEntries {
		return nil, Error(fmt.Sprintf("The archive has more than %d files: send an archive of one file", maxEntries))
	}
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, errDamaged
	}
	return archive, nil
}

// unzip returns the content of the only file in an archive.
func unzip(archive *zip.Reader, limit int) ([]byte, error) {
	files := slices.DeleteFunc(slices.Clone(archive.File), func(f *zip.File) bool {
		return f.FileInfo().IsDir() || strings.HasPrefix(f.Name, "__MACOSX/") || path.Base(f.Name) == ".DS_Store"
	})
	if len(files) != 1 {
		return nil, Error(fmt.Sprintf("The archive has %d files: send an archive of one file", len(files)))
	}
	r, err := files[0].Open()
	if err != nil || files[0].Flags&encrypted != 0 {
		return nil, Error("The archive is encrypted or compressed in an unknown way: send the file in it")
	}
	defer r.Close()
	return readAll(r, limit)
}

// encrypted is the flag of an encrypted file in an archive.
const encrypted = 1

// readAll reads at most limit bytes, whatever size the archive claims.
func readAll(r io.Reader, limit int) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(r, int64(limit)+1))
	switch {
	case len(content) > limit:
		return nil, tooLarge(limit)
	case err != nil:
		return nil, errDamaged
	}
	return content, nil
}
