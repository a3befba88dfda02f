// Package procstat measures the CPU time and the memory of processes.
package procstat

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Stats is the resource usage of processes.
type Stats struct {
	// Processes is the number of processes.
	Processes int `json:"processes"`
	// CPUSeconds is the CPU time that the meter measured. CPUPerSubmission is in microseconds.
	CPUSeconds       float64 `json:"cpu_seconds"`
	CPUPerSubmission float64 `json:"cpu_us_per_submission"`
	// Resident is the resident memory at the end, and ResidentPeak its peak. Both are in bytes, of the process with the largest value.
	Resident     int64 `json:"resident_bytes"`
	ResidentPeak int64 `json:"resident_peak_bytes"`
}

// ticksPerSecond is the unit of CPU times in /proc/PID/stat. It is the same on all
// architectures that Go supports.
const ticksPerSecond = 100

// cpu returns the CPU time of a process in seconds, or 0 if the system doesn't report it.
func cpu(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	// The second field is a name in parentheses, which may contain anything. User and
	// system time are the 14th and the 15th.
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(string(fields[11]), 10, 64)
	system, _ := strconv.ParseInt(string(fields[12]), 10, 64)
	return float64(user+system) / ticksPerSecond
}

// Memory returns the resident memory of a process in bytes, now and at its peak, or 0 if
// the system doesn't report it.
func Memory(pid int) (now, peak int64) {
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

// Meter measures the resource usage of processes since its creation.
type Meter struct {
	pids  []int
	begin float64
}

// NewMeter returns a meter of the processes with the given ids.
func NewMeter(pids ...int) Meter { return Meter{pids, cpuOf(pids)} }

// Read returns the resource usage of the processes, per submission as well, or nil if the system doesn't report it.
func (m Meter) Read(submissions int64) *Stats {
	p := &Stats{Processes: len(m.pids), CPUSeconds: cpuOf(m.pids) - m.begin}
	for _, pid := range m.pids {
		now, peak := Memory(pid)
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
