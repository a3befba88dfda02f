# Shorthands for commands, which can also be run directly.
.PHONY: build release release-check test test-full test-postgres test-prometheus test-browser screenshots test-kill test-failover test-package lint format fuzz bench bench-undo bench-postgres bench-floor bench-processes bench-accounts bench-pair benchstat bench-record demo ci

build: ## build the program as bin/trueup
	CGO_ENABLED=0 go build -trimpath -o bin/trueup ./cmd/trueup

release: ## build the programs, packages and images of all platforms, with checksums, in dist
	deploy/release dist

# The builds share neither a folder nor the build cache.
release-check: ## build this platform's program and packages twice, and compare
	work=$$(mktemp -d) && platform=$$(go env GOOS)/$$(go env GOARCH) \
		&& deploy/release $$work/one $$platform && GOCACHE=$$work/cache deploy/release $$work/two $$platform \
		&& diff -r $$work/one $$work/two && rm -rf $$work

test: ## run the short version of all tests, on SQLite
	go test ./...

test-full: ## run all tests in full, like CI
	TRUEUP_TEST_FULL=1 go test -timeout 30m ./...

test-postgres: ## run the tests with a temporary PostgreSQL server
	.ci/postgres fsync=off -- go test ./...

test-prometheus: ## check the alerts and the dashboard with Prometheus, which must be installed
	TRUEUP_TEST_PROMETHEUS=$$(command -v prometheus) go test -count 1 -run Prometheus -v ./cmd/trueup

test-browser: ## test the pages of the console in Chromium, which must be installed
	.ci/browser go test -count 1 ./internal/console/...

screenshots: ## render every page of the console in each mode into the folder screenshots
	TRUEUP_TEST_SCREENSHOTS=$(CURDIR)/screenshots .ci/browser go test -count 1 -run TestEveryPageIsAccessible ./internal/console

test-kill: ## kill two processes on one database at random for ten minutes
	TRUEUP_TEST_KILL_FOR=10m .ci/postgres -- go test -timeout 30m -count 1 -v -run KilledProcesses ./cmd/trueup

test-failover: ## fail the primary of a PostgreSQL cluster under load, six times
	.ci/patroni -- go test -count 1 -run '^TestFailover' -v ./cmd/trueup

test-package: ## install, upgrade and purge the Debian package on a minimal Debian, and run the image
	.ci/package

lint: ## run go vet and golangci-lint
	go vet ./...
	go tool -modfile=tools/go.mod golangci-lint run ./...

format: ## format all Go files
	go tool -modfile=tools/go.mod gofumpt -w .

FUZZTIME ?= 20s
# The go command sometimes reports the end of FUZZTIME as a failure. A real failure leaves
# its input in testdata, with which the second run fails at once.
fuzz: ## run each fuzz target for FUZZTIME
	@set -e; grep -r --include='*_test.go' -o '^func Fuzz[A-Za-z0-9_]*' . | sort | while IFS=: read -r file func; do \
		package=$$(dirname "$$file"); target=$${func#func }; \
		echo "$$package $$target"; \
		run() { go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5x "$$package"; }; \
		run || { echo "retrying"; run; }; \
	done

bench: ## measure a new SQLite store and the database engine alone
	go run ./cmd/trueup bench

bench-undo: ## measure the writes of an account while another one undoes changes; fails above 250 ms
	go run ./cmd/trueup bench --scenario undo --max-p99 250ms

bench-floor: ## the same, with everything that the run wrote
	go run ./cmd/trueup bench --floor 1h

bench-postgres: ## the same as bench, with a temporary PostgreSQL server
	.ci/postgres -- sh -c 'go run ./cmd/trueup bench --store "$$TRUEUP_TEST_POSTGRES"'

RUNS ?= 5
BENCH = bin/trueup bench --json --floor 0s --duration 8s
FLAGS ?= --accounts 500
bench-accounts: build ## compare the rate with FLAGS, which select accounts, with that of one account
	.ci/alternate $(RUNS) "one account" '$(BENCH)' "$(FLAGS)" '$(BENCH) $(FLAGS)'
	.ci/postgres shared_buffers=1GB max_wal_size=4GB -- .ci/alternate $(RUNS) \
		"one account" '$(BENCH) --store "$$TRUEUP_TEST_POSTGRES"' "$(FLAGS)" '$(BENCH) $(FLAGS) --store "$$TRUEUP_TEST_POSTGRES"'

PROCESSES = $(BENCH) --accounts 8 --store "$$TRUEUP_TEST_POSTGRES" --processes
bench-processes: build ## compare two processes with one, with the database on one core and the programs on another
	taskset -c 0 .ci/postgres shared_buffers=1GB max_wal_size=4GB -- \
		taskset -c 1 .ci/alternate $(RUNS) "one process" '$(PROCESSES) 1' "two processes" '$(PROCESSES) 2'

BASE ?= main
bench-pair: ## compare the rate of modifications with that of the commit BASE
	RUNS=$(RUNS) .ci/bench-pair $(BASE)

RUN_BENCHMARKS = go test -run '^$$' -bench . -count 10 -benchtime 100ms ./ledger ./internal/wire ./internal/wire/encode ./internal/store ./internal/httpapi
benchstat: ## compare the benchmarks of each stage of a request with the recorded run
	@mkdir -p bin
	$(RUN_BENCHMARKS) > bin/benchmarks.txt
	go tool -modfile=tools/go.mod benchstat docs/benchmarks.txt bin/benchmarks.txt

bench-record: ## record the benchmarks
	$(RUN_BENCHMARKS) > docs/benchmarks.txt

demo: ## serve the demo
	go run ./cmd/trueup demo

ci: ## run all checks of CI
	.ci/run
