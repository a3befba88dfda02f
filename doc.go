// Package trueup is a self-hosted ledger of partner commissions.
//
// The rules are in package [github.com/trueup-ledger/trueup/ledger], exact amounts in
// [github.com/trueup-ledger/trueup/money] and the program in cmd/trueup.
// ARCHITECTURE.md describes the layout.
package trueup
