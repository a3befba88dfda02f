package bench

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Process is what the processes of one kind took.
type Process struct {
	// Processes is how many there are.
	Processes int `json:"processes"`
	// CPUSeconds are of the load until all was applied, CPUPerSubmission the part of
	// each submission in microseconds.
	CPUSeconds       float64 `json:"cpu_seconds"`
	CPUPerSubmission float64 `json:"cpu_us_per_submission"`
	// Resident is the memory at the end of the load and ResidentPeak the most there
	// was, in bytes, of that process which has most.
	Resident     int64 `json:"resident_bytes"`
	ResidentPeak int64 `json:"resident_peak_bytes"`
}

// ticks are the units of /proc/PID/stat, the same on every system that Go runs on.
const ticks = 100

// cpu answers the seconds of processor time that a process took, 0 where the
// system does not tell.
func cpu(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	// The second field is a name in brackets, which may contain anything; user and
	// system time are the 14th and the 15th.
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(string(fields[11]), 10, 64)
	system, _ := strconv.ParseInt(string(fields[12]), 10, 64)
	return float64(user+system) / ticks
}

// memory answers a process's resident memory in bytes, now and at its peak, 0
// where the system does not tell.
func memory(pid int) (now, peak int64) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(text)) {
		key, value, _ := strings.Cut(line, ":")
		kib, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		switch key {
		case "VmRSS":
			now = kib << 10
		case "VmHWM":
			peak = kib << 10
		}
	}
	return now, peak
}

// meter measures processes from a moment on.
type meter struct {
	pids  []int
	begin float64
}

func newMeter(pids ...int) meter { return meter{pids, cpuOf(pids)} }

// read answers what the processes took since then, nil where the system does not tell.
func (m meter) read(submissions int64) *Process {
	p := &Process{Processes: len(m.pids), CPUSeconds: cpuOf(m.pids) - m.begin}
	for _, pid := range m.pids {
		now, peak := memory(pid)
		if now == 0 {
			return nil
		}
		p.Resident, p.ResidentPeak = max(p.Resident, now), max(p.ResidentPeak, peak)
	}
	if submissions > 0 {
		p.CPUPerSubmission = p.CPUSeconds * 1e6 / float64(submissions)
	}
	return p
}

func cpuOf(pids []int) (seconds float64) {
	for _, pid := range pids {
		seconds += cpu(pid)
	}
	return seconds
}
