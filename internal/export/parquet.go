package export

import (
	"fmt"
	"io"
	"reflect"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/snappy"

	"github.com/trueup-ledger/trueup/internal/wire/encode"
)

const (
	// rowsPerGroup is the number of rows that a row group has. The writer holds one in memory.
	rowsPerGroup = 25_000
	// rowsPerWrite is the number of rows that are passed to the writer at a time.
	rowsPerWrite = 128
	// maxDictionary is the size of a column's dictionary in bytes, from which texts are
	// written as they are.
	maxDictionary = 256 << 10
	// Amounts are decimals with the digits of the currency that has most. Precision is that
	// of an int64, so readers in every language have a type for them.
	amountPrecision, amountScale = 18, 4
)

// columnTypes are the Go types and the tags of columns. A text is never missing.
var columnTypes = map[encode.FieldKind]struct {
	goType reflect.Type
	tag    string
}{
	encode.TextField:    {reflect.TypeFor[string](), "dict"},
	encode.IntegerField: {reflect.TypeFor[int64](), "optional"},
	encode.AmountField:  {reflect.TypeFor[int64](), fmt.Sprintf("optional,decimal(%d:%d)", amountScale, amountPrecision)},
	encode.TimeField:    {reflect.TypeFor[int64](), "optional,timestamp(microsecond)"},
	encode.BooleanField: {reflect.TypeFor[bool](), "optional"},
}

// parquetSchema returns the schema of columns, in their order.
func parquetSchema(columns []Column) *parquet.Schema {
	fields := make([]reflect.StructField, len(columns))
	for i, c := range columns {
		of := columnTypes[c.Kind]
		fields[i] = reflect.StructField{Name: c.Name, Type: of.goType, Tag: reflect.StructTag(`parquet:"` + c.Name + "," + of.tag + `"`)}
	}
	return parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Interface())
}

// parquetWriter writes a Parquet file.
type parquetWriter struct {
	w    *parquet.GenericWriter[any]
	rows []parquet.Row
	// used is the number of rows that have values, and written that of the row group.
	used, written int
}

func newParquetWriter(w io.Writer, columns []Column) *parquetWriter {
	p := &parquetWriter{
		w: parquet.NewGenericWriter[any](w, parquetSchema(columns), parquet.Compression(&snappy.Codec{}),
			parquet.CreatedBy("trueup", "", ""), parquet.DictionaryMaxBytes(maxDictionary)),
		rows: make([]parquet.Row, rowsPerWrite),
	}
	values := make([]parquet.Value, rowsPerWrite*len(columns))
	for i := range p.rows {
		p.rows[i] = values[i*len(columns) : (i+1)*len(columns)]
	}
	return p
}

func (p *parquetWriter) write(row []encode.Field) error {
	for i := range row {
		value, err := parquetValue(&row[i])
		if err != nil {
			return err
		}
		level := 1
		if row[i].Absent || row[i].Kind == encode.TextField {
			level = 0
		}
		p.rows[p.used][i] = value.Level(0, level, i)
	}
	if p.used++; p.used < len(p.rows) {
		return nil
	}
	return p.flush()
}

// flush passes the rows to the writer, and ends the row group if it is full.
func (p *parquetWriter) flush() error {
	n, err := p.w.WriteRows(p.rows[:p.used])
	p.written, p.used = p.written+n, 0
	if err == nil && p.written >= rowsPerGroup {
		p.written = 0
		err = p.w.Flush()
	}
	return err
}

// close writes the last row group and the footer, without which a file is invalid.
func (p *parquetWriter) close() error {
	if err := p.flush(); err != nil {
		return err
	}
	return p.w.Close()
}

// parquetValue returns the value of a field.
func parquetValue(f *encode.Field) (parquet.Value, error) {
	switch {
	case f.Absent:
		return parquet.Value{}, nil
	case f.Kind == encode.IntegerField:
		return parquet.Int64Value(f.Number), nil
	case f.Kind == encode.AmountField:
		scaled, err := scale(f.Number, f.Digits)
		return parquet.Int64Value(scaled), err
	case f.Kind == encode.TimeField:
		return parquet.Int64Value(f.Time.UnixMicro()), nil
	case f.Kind == encode.BooleanField:
		return parquet.BooleanValue(f.Text == "true"), nil
	default:
		return parquet.ByteArrayValue([]byte(f.Text)), nil
	}
}

// scale returns an amount with the given number of digits in units of the last digit of a
// decimal. It returns an error for an amount with more digits than a decimal has.
func scale(amount int64, digits int) (int64, error) {
	const limit = 1e18 // 10 to the power of amountPrecision
	scaled, fits := amount, digits <= amountScale
	for n := digits; n < amountScale && fits; n++ {
		fits = scaled < limit/10 && scaled > -limit/10
		scaled *= 10
	}
	if !fits || scaled >= limit || scaled <= -limit {
		return 0, fmt.Errorf("an amount of %d with %d decimal places doesn't fit in DECIMAL(%d, %d)", amount, digits, amountPrecision, amountScale)
	}
	return scaled, nil
}
