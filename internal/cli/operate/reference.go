package operate

import (
	"path/filepath"

	"github.com/trueup-ledger/trueup/internal/output"
	"github.com/trueup-ledger/trueup/internal/refdata"
)

// referenceFile is the flag of a reference file.
type referenceFile struct {
	File string `short:"f" required:"" type:"existingfile" placeholder:"FILE" help:"Reference file, in YAML or JSON."`
}

// name returns the name of the file in messages.
func (f referenceFile) name() string { return filepath.Base(f.File) }

// parse reads the file. Its errors have positions, so it is parsed before a server gets it.
func (f referenceFile) parse() (*refdata.File, []byte, error) {
	text, err := output.ReadFile(f.File, refdata.MaxSize)
	if err != nil {
		return nil, nil, err
	}
	file, err := refdata.Parse(f.name(), text)
	return file, text, err
}
