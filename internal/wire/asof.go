package wire

import "time"

// DecodeAsOf decodes the AsOf parameter of a GET. If AsOf names a second that has ended,
// DecodeAsOf returns the end of that second and true. Otherwise it returns env.Now and
// false. The error is an [*Error].
func DecodeAsOf(p *Params, env Env) (before time.Time, past bool, err error) {
	d := NewDecoder(p, env)
	at, found := d.Timestamp("AsOf")
	if err := d.Err(); err != nil {
		return time.Time{}, false, err
	}
	if before = endOfSecond(at); !found || before.After(env.Now) {
		return env.Now, false, nil
	}
	return before, true, nil
}
