package adminapi

import (
	"errors"
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/internal/httpapi"
	"github.com/trueup-ledger/trueup/internal/refdata"
	"github.com/trueup-ledger/trueup/internal/refdata/scalar"
	"github.com/trueup-ledger/trueup/internal/store"
	"github.com/trueup-ledger/trueup/internal/testclock"
	"github.com/trueup-ledger/trueup/internal/wire"
)

// clockForm is the JSON form of the server's clock.
type clockForm struct {
	Clock time.Time `json:"clock"`
	Test  bool      `json:"test"`
}

func (h *handler) getClock(o httpapi.OperatorRequest) error { return h.writeClock(o) }

func (h *handler) writeClock(o httpapi.OperatorRequest) error {
	return o.WriteJSON(http.StatusOK, clockForm{Clock: h.clock.Now().UTC(), Test: h.clock.Move != nil})
}

// clockMove is a request to move the test clock. The key holds the time.
type clockMove struct {
	key    string
	target func(now time.Time) time.Time
	reason string
}

func readClockMove(e refdata.Entry) (m clockMove) {
	advance := refdata.Optional(e, "advance", 0, scalar.Duration)
	to := refdata.Optional(e, "now", time.Time{}, refdata.Instant)
	m.reason = optionalReason(e)
	switch {
	case e.Has("advance") == e.Has("now"):
		e.Errorf("advance", "Send either advance, such as 45d or 36h, or now")
	case e.Has("now"):
		m.key, m.target = "now", func(time.Time) time.Time { return to }
	default:
		m.key, m.target = "advance", func(now time.Time) time.Time { return now.Add(advance) }
	}
	return m
}

// postClock moves the test clock and responds once the work that became due is done. The
// audit event has the new time, so that the clock of the next start is not before it.
func (h *handler) postClock(o httpapi.OperatorRequest) error {
	if h.clock.Move == nil {
		return conflict("The server runs on the system's clock; start it with --emulate --clock to move its clock")
	}
	var m clockMove
	if err := readBody(o, func(e refdata.Entry) { m = readClockMove(e) }); err != nil {
		return err
	}
	err := h.clock.Move(o.Context(), m.target, func(from, to time.Time) error {
		event := o.AuditEvent(store.OperationMoveClock, m.reason)
		event.At = to
		return h.clock.Log(o.Context(), "from "+from.Format(time.RFC3339Nano)+" to "+to.Format(time.RFC3339Nano), event)
	})
	if err != nil {
		return m.mapError(err)
	}
	return h.writeClock(o)
}

// mapError returns the wire error for an error of a move.
func (m clockMove) mapError(err error) error {
	invalid := func(message string) error { return wire.Invalid(wire.FieldError{Field: m.key, Message: message}) }
	switch {
	case errors.Is(err, testclock.ErrBack):
		return invalid("The clock moves only forward: GET /clock returns its time")
	case errors.Is(err, testclock.ErrRange):
		return invalid("The clock must stay within " + testclock.Earliest.Format(time.DateOnly) + " and " + testclock.Latest.Format(time.DateOnly))
	case errors.Is(err, testclock.ErrShared):
		return conflict("Another server works on the same store, by a clock of its own; stop it")
	case errors.Is(err, testclock.ErrUnsettled):
		return &wire.Error{
			Status:  http.StatusServiceUnavailable,
			Message: "The clock was moved, but the work that became due is not done yet; send the time of the clock as now to wait for it",
		}
	}
	return err
}
