module github.com/trueup-ledger/trueup

go 1.26.0

require (
	github.com/bojanz/currency v1.4.2
	github.com/google/uuid v1.6.0
)

require github.com/cockroachdb/apd/v3 v3.2.1 // indirect
