package wire

// Headers of requests and responses.
const (
	// FileFormatHeader carries how a file was understood, as in "semicolons, UTF-8, 12 columns".
	FileFormatHeader = "Trueup-File-Format"
	// DecimalSeparatorHeader carries the decimal separator of a file with decimal places.
	DecimalSeparatorHeader = "Trueup-Decimal-Separator"
	// IdempotencyKeyHeader carries the key of an idempotent write.
	IdempotencyKeyHeader = "Idempotency-Key"
	// IdempotencyReplayedHeader is "true" if the response is that of an earlier request
	// with the same key.
	IdempotencyReplayedHeader = "Idempotency-Replayed"
	// IgnoredParametersHeader carries [Params.Ignored].
	IgnoredParametersHeader = "Trueup-Ignored-Parameters"
	// InjectedFaultHeader names the fault-injection rule that changed a response.
	InjectedFaultHeader = "Trueup-Fault"
	// PreferHeader carries the preferences of the caller (RFC 7240).
	PreferHeader = "Prefer"
	// PreferenceAppliedHeader carries the preferences that the server applied.
	PreferenceAppliedHeader = "Preference-Applied"
	// UnpricedLinesHeader carries the number of order lines whose amount is 0 because of a
	// missing price.
	UnpricedLinesHeader = "Trueup-Unpriced-Lines"
)
