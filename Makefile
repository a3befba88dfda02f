# Every target is a command that can be typed as well.
.PHONY: build test test-postgres test-kill test-failover lint format fuzz bench bench-postgres bench-floor benchstat bench-record demo ci

build: ## the program, as bin/trueup
	CGO_ENABLED=0 go build -trimpath -o bin/trueup ./cmd/trueup

test:
	go test ./...

test-postgres: ## the same beside a PostgreSQL server of its own
	.ci/postgres fsync=off -- go test ./...

test-kill: ## two processes on one database are killed at random for ten minutes
	TRUEUP_TEST_KILL_FOR=10m .ci/postgres -- go test -timeout 30m -count 1 -v -run Processes ./cmd/trueup

test-failover: ## kills the primary of a PostgreSQL cluster under load, five times, and hangs once
	.ci/patroni -- go test -count 1 -run '^TestAFailover' -v ./cmd/trueup

lint:
	go vet ./...
	go tool -modfile=tools/go.mod golangci-lint run ./...

format:
	go tool -modfile=tools/go.mod gofumpt -w .

FUZZTIME ?= 20s
fuzz: ## each target for FUZZTIME
	@set -e; for package in $$(go list ./...); do \
		for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
			echo "$$package $$target"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package; \
		done; \
	done

bench: ## a folder of its own, and what the engine alone can do
	go run ./cmd/trueup bench

bench-floor: ## the same, and the engine alone writes all that the run wrote
	go run ./cmd/trueup bench --floor 1h

bench-postgres: ## on a PostgreSQL server of its own
	.ci/postgres -- sh -c 'go run ./cmd/trueup bench --store "$$TRUEUP_TEST_POSTGRES"'

RUN_BENCHMARKS = go test -run '^$$' -bench . -count 10 -benchtime 100ms ./ledger ./internal/wire
benchstat: ## decode, apply, price and encode, against the last recorded run
	@mkdir -p bin
	$(RUN_BENCHMARKS) > bin/benchmarks.txt
	go tool -modfile=tools/go.mod benchstat docs/benchmarks.txt bin/benchmarks.txt

bench-record: ## record a run to compare others with
	$(RUN_BENCHMARKS) > docs/benchmarks.txt

demo:
	go run ./cmd/trueup demo

ci: ## what has to pass before a change is merged
	.ci/run
