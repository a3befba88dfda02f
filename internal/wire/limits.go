package wire

import "github.com/trueup-ledger/trueup/ledger"

// Limits of a request. The caller must enforce MaxBody when it reads the body.
const (
	// MaxBody is the maximum size of a form or JSON body in bytes.
	MaxBody = 1 << 20
	// MaxParameters is the maximum number of parameters. It allows for [MaxItems] order
	// lines with all their parameters.
	MaxParameters = 20_000
	// MaxItems is the maximum number of items.
	MaxItems = ledger.MaxItems
	// maxItemNumber is the largest number after the name of a parameter, as in "Sku2".
	maxItemNumber = 999_999
	// maxFieldErrors is the maximum number of errors in a response.
	maxFieldErrors = 100
)

// Limits of values, in characters unless noted.
const (
	maxText           = 255
	maxOrder          = 64
	maxClick          = 64
	maxLink           = 2000
	maxCode           = 64 // reason and disposition codes
	maxCustomText     = 64 // Text1 to Text50
	maxIDDigits       = 16
	maxQuantityDigits = 9
	// maxExponent bounds the exponent of JSON numbers such as 1.2E7.
	maxExponent = 30
	// maxDeviceFields bounds the parameters whose names the protocol doesn't list.
	maxDeviceFields = 100
	// maxIgnoredBytes bounds the header that lists ignored parameters.
	maxIgnoredBytes = 1000
	// maxNameLength bounds the part of an unknown name that a response repeats.
	maxNameLength = 64
)

// Limits of timestamps.
const (
	minYear = 1970
	maxYear = 2999
)

// Limits of lists.
const (
	// MaxPageSize is the maximum page size. It replaces larger ones.
	MaxPageSize = 20_000
	// DefaultPageSize is the page size of lists other than those of actions and
	// updates, which have MaxPageSize.
	DefaultPageSize = 1_000
	// MaxRangeDays is the maximum number of days between the dates of a range.
	MaxRangeDays = 45
	// maxRangeYears bounds the age of the start of a range.
	maxRangeYears = 3
)
