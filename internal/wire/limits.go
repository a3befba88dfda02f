package wire

import "github.com/trueup-ledger/trueup/ledger"

// Limits of a request. The caller must enforce MaxBody when it reads the body.
const (
	// MaxBody is the size of a form or JSON body in bytes.
	MaxBody = 1 << 20
	// MaxParameters allows for 1,000 lines with all parameters of a conversion.
	MaxParameters = 20_000
	// MaxNumber is the largest number after the name of a parameter, as in "Sku2".
	MaxNumber = 999_999
	// MaxItems is the number of items in a request.
	MaxItems = ledger.MaxItems
	// MaxFieldErrors is the number of errors that a response reports.
	MaxFieldErrors = 100
)

// Limits of values, in characters unless noted.
const (
	maxText           = 255
	maxOrder          = 64
	maxClick          = 64
	maxLink           = 2000
	maxCode           = 64
	maxCustomText     = 64
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
	// MaxPageSize replaces larger page sizes.
	MaxPageSize = 20_000
	// DefaultPageSize is the page size of lists other than those of actions and
	// updates, which have MaxPageSize.
	DefaultPageSize = 1_000
	// maxPageNumber keeps page × size from overflowing. No list is that long.
	maxPageNumber = 999_999_999

	MaxRangeDays  = 45
	maxRangeYears = 3
)
