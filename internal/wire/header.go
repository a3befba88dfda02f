package wire

// Headers of requests and responses.
const (
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
)
