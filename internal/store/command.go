package store

import (
	"encoding/json"
	"fmt"

	"github.com/trueup-ledger/trueup/ledger"
)

// decoders decode the JSON form of each kind of command.
var decoders = map[ledger.Kind]func(document []byte) (ledger.Command, error){
	ledger.KindConversion:   unmarshal[ledger.Conversion],
	ledger.KindModification: unmarshal[ledger.Modification],
	ledger.KindReversal:     unmarshal[ledger.Reversal],
	ledger.KindUndo:         unmarshal[ledger.Undo],
}

func unmarshal[C ledger.Command](document []byte) (ledger.Command, error) {
	var c C
	err := json.Unmarshal(document, &c)
	return c, err
}

// DecodeCommand decodes a command of the kind from its JSON form.
func DecodeCommand(kind ledger.Kind, document []byte) (ledger.Command, error) {
	decode, known := decoders[kind]
	if !known {
		return nil, fmt.Errorf("unknown kind of command %q", kind)
	}
	return decode(document)
}
