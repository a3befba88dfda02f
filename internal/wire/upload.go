package wire

// UploadField is the parameter with the hash of an uploaded file. Idempotency keys
// cover it like any other parameter.
const UploadField = "File"

// DecodeUpload decodes the parameters of a POST of a batch file. It reports whether a file
// with the same content as an earlier one is to be accepted again, and returns the decimal
// separator of the file, or "" if the request doesn't name it. The error is an [*Error].
func DecodeUpload(p *Params, env Env) (again bool, decimal string, err error) {
	d := NewDecoder(p, env)
	d.dryRun(env.AllowDryRun)
	d.Require(UploadField)
	again, _ = read(d, parseBool, "Again")
	decimal = OneOf(d, "Decimal", ".", ",")
	return again, decimal, d.Err()
}
