package wire

import "time"

// DecodeAsOf decodes the AsOf parameter of a GET. It returns the end of the second that
// AsOf names. Without AsOf, or if that time is still to come, it returns env.Now and
// false. The error is an [*Error].
func DecodeAsOf(p *Params, env Env) (before time.Time, found bool, err error) {
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
