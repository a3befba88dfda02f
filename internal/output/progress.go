package output

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// Progress is a bar on a terminal with the rate and the time that is left. It prints nothing
// elsewhere.
type Progress struct {
	w     io.Writer
	noun  string
	total int
	begin time.Time
	shown time.Time
}

// progressInterval is the time between two prints.
const progressInterval = 100 * time.Millisecond

// NewProgress returns the progress of total things, which noun names in the plural.
func NewProgress(w io.Writer, noun string, total int) *Progress {
	if file, is := w.(*os.File); !is || !isTerminal(file) {
		w = nil
	}
	return &Progress{w: w, noun: noun, total: total, begin: time.Now()}
}

func isTerminal(file *os.File) bool {
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// Set prints the bar for the number of things that are done.
func (p *Progress) Set(done int) {
	now := time.Now()
	if p.w == nil || now.Sub(p.shown) < progressInterval {
		return
	}
	p.shown = now
	fmt.Fprintf(p.w, "\r\x1b[K%s", progressLine(done, p.total, p.noun, now.Sub(p.begin)))
}

// End removes the bar.
func (p *Progress) End() {
	if p.w != nil && !p.shown.IsZero() {
		fmt.Fprintf(p.w, "\r\x1b[K")
	}
}

// progressLine returns the bar after some time.
func progressLine(done, total int, noun string, elapsed time.Duration) string {
	const width = 30
	filled := width
	if total > 0 {
		filled = min(width, width*done/total)
	}
	line := fmt.Sprintf("[%s%s] %d of %d %s", strings.Repeat("=", filled), strings.Repeat(" ", width-filled), done, total, noun)
	rate := float64(done) / max(elapsed.Seconds(), 0.001)
	if done == 0 {
		return line
	}
	left := time.Duration(float64(total-done) / rate * float64(time.Second))
	return fmt.Sprintf("%s, %.0f/s, %s left", line, rate, left.Round(time.Second))
}
