package wire

// DryRun reports whether a request asks for a preview of its effect. The error is an
// [*Error].
func DryRun(p *Params) (bool, error) {
	d := NewDecoder(p, Env{})
	dry, _ := read(d, parseBool, "DryRun")
	return dry, d.Err()
}

// dryRun reads DryRun. If dry runs aren't allowed, DryRun=true is an error: carrying out
// the request would change data that the caller only wanted to preview.
func (d *Decoder) dryRun(allowed bool) (dry bool) {
	if dry, _ = read(d, parseBool, "DryRun"); dry && !allowed {
		d.AddError("DryRun", "Not supported here: leave it out to carry out the request")
	}
	return dry
}
