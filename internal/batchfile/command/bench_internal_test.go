package command

import (
	"flag"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
)

var benchRows = flag.Int("import.rows", 10_000, "rows of the file of the benchmark")

// BenchmarkImport imports a file of orders with one item each: into the store, and through the
// protocol.
func BenchmarkImport(b *testing.B) {
	for name, newTarget := range targets {
		b.Run(name, func(b *testing.B) {
			var file strings.Builder
			file.WriteString("CampaignId,EventTypeId,EventDate,OrderId,MediaPartnerId,ItemSku,ItemQuantity,ItemSubTotal\n")
			for i := range *benchRows {
				fmt.Fprintf(&file, "1000,2240,NOW,B-%d,10001,a,2,2.00\n", i)
			}
			c := Import{File: write(b, file.String())}
			for b.Loop() {
				b.StopTimer()
				target, _ := newTarget(b)
				target.out, target.err = io.Discard, io.Discard
				var before, after runtime.MemStats
				runtime.GC()
				runtime.ReadMemStats(&before)
				b.StartTimer()
				if err := c.run(b.Context(), target); err != nil {
					b.Fatal(err)
				}
				runtime.ReadMemStats(&after)
				b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/(1<<20), "MiB-allocated")
				b.ReportMetric(float64(int64(after.HeapSys)-int64(before.HeapSys))/(1<<20), "MiB-grown")
			}
			b.ReportMetric(float64(*benchRows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
