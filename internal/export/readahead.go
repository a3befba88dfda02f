package export

import (
	"fmt"
	"iter"
	"runtime/debug"
)

// readAhead returns the objects of all, which it ranges over in another goroutine, so that
// reading and encoding use a processor each. The goroutine has ended when the range over the
// result ends.
func readAhead[T any](all iter.Seq2[T, error]) iter.Seq2[T, error] {
	const chunkSize, chunksAhead = 256, 2
	type chunk struct {
		objects []T
		err     error // after the objects
	}
	return func(yield func(T, error) bool) {
		chunks, stop := make(chan chunk, chunksAhead), make(chan struct{})
		var panicked error
		go func() {
			defer close(chunks)
			defer func() {
				if p := recover(); p != nil {
					panicked = fmt.Errorf("%v\n%s", p, debug.Stack())
				}
			}()
			send := func(c chunk) bool {
				select {
				case chunks <- c:
					return true
				case <-stop:
					return false
				}
			}
			objects := make([]T, 0, chunkSize)
			for object, err := range all {
				if err != nil {
					send(chunk{objects, err})
					return
				}
				if objects = append(objects, object); len(objects) == chunkSize {
					if !send(chunk{objects: objects}) {
						return
					}
					objects = make([]T, 0, chunkSize)
				}
			}
			send(chunk{objects: objects})
		}()
		defer func() {
			close(stop)
			for range chunks { // until the goroutine ends
			}
			if panicked != nil {
				panic(panicked)
			}
		}()
		for c := range chunks {
			for _, object := range c.objects {
				if !yield(object, nil) {
					return
				}
			}
			if c.err != nil {
				var none T
				yield(none, c.err)
				return
			}
		}
	}
}
