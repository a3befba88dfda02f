package wire

import (
	"time"

	"github.com/trueup-ledger/trueup/ledger"
)

// Limits of one request. Whoever reads a body must stop at MaxBody.
const (
	// MaxBody is the size of a form or JSON body in bytes.
	MaxBody = 1 << 20
	// MaxParameters is room for 1,000 lines with every field of a conversion.
	MaxParameters = 20_000
	// MaxNumber is the largest number behind a parameter's name, as in "Sku2".
	MaxNumber = 999_999
	// MaxItems is how many items a request can name.
	MaxItems = ledger.MaxItems
	// MaxFaults is how many faults of one request are reported.
	MaxFaults = 100
)

// Limits of values, in characters unless they say otherwise.
const (
	maxText           = 255
	maxOrder          = 64
	maxClick          = 64
	maxLink           = 2000
	maxCode           = 64
	maxCustomText     = 64
	maxIDDigits       = 16
	maxQuantityDigits = 9
	// maxExponent bounds JSON numbers such as 1.2E7, which are written out.
	maxExponent = 30
	// maxDeviceFields bounds the fields whose names the protocol leaves open.
	maxDeviceFields = 100
	// maxIgnored is in bytes: the header that names ignored parameters.
	maxIgnored = 1000
	// maxNameShown is how much of a strange parameter's name an answer repeats.
	maxNameShown = 64
)

// Limits of instants.
const (
	minYear = 1970
	maxYear = 2999
)

// Limits of lists.
const (
	// MaxPageSize is what larger page sizes become.
	MaxPageSize = 20_000
	// DefaultPageSize is that of all lists but those of actions and updates,
	// which have MaxPageSize.
	DefaultPageSize = 1_000
	// narrowPage is the smallest page of actions and updates that is documented; it
	// and pagesPerList say how many objects a list of actions may have:
	// pagesPerList times the larger of its page size and narrowPage.
	narrowPage   = 2_000
	pagesPerList = 10
	// maxPage keeps page × size far from overflow; no list is that long.
	maxPage = 999_999_999

	maxSpanDays  = 45
	maxYearsBack = 3
	defaultDays  = 7
	// pinnedAhead keeps what is updated during a walk over pages inside the span.
	pinnedAhead = 24 * time.Hour
)
