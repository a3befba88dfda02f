package wire

import "time"

// DecodeAsOf reads the instant as of which an object is asked for. The second that
// it names is over at the answer; now, if none is given or it is still to come. Its
// error is an [*Error].
func DecodeAsOf(p *Params, env Env) (before time.Time, given bool, err error) {
	f := fields{params: p, env: env}
	at, given := f.timestamp("AsOf")
	if err := f.err(); err != nil {
		return time.Time{}, false, err
	}
	if before = afterSecond(at); !given || before.After(env.Now) {
		return env.Now, false, nil
	}
	return before, true, nil
}
