//go:build linux

package procstat

import (
	"os"
	"testing"
)

func TestMeterMeasuresAProcess(t *testing.T) {
	m := NewMeter(os.Getpid())
	for begin := cpuOf(m.pids); cpuOf(m.pids) < begin+0.03; { // use CPU time
	}
	p := m.Read(10)
	if p == nil || p.CPUSeconds < 0.02 || p.CPUPerSubmission < 2000 || p.Resident < 1<<20 || p.ResidentPeak < p.Resident {
		t.Errorf("got %+v", p)
	}
	if p := NewMeter(0).Read(1); p != nil {
		t.Errorf("process 0: %+v", p)
	}
}
