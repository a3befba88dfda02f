package wire

// DryRun reports whether a request asks for a preview of its effect. The error is an
// [*Error].
func DryRun(p *Params) (bool, error) {
	d := NewDecoder(p, Env{})
	dry, _ := read(d, parseBool, "DryRun")
	return dry, d.Err()
}
