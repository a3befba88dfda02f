package personal

import (
	"github.com/trueup-ledger/trueup/ledger"
	"github.com/trueup-ledger/trueup/ledger/program"
)

// Customer identifies the customer to erase: by the id, and by the keys of clicks with the id.
type Customer struct {
	id     string
	clicks map[string]bool
	keys   map[program.ClickKey]map[string]bool
}

// NewCustomer returns the customer with an id, which is not empty.
func NewCustomer(id string) *Customer {
	c := &Customer{id: id, clicks: make(map[string]bool), keys: make(map[program.ClickKey]map[string]bool)}
	for _, key := range program.ClickKeys() {
		c.keys[key] = make(map[string]bool)
	}
	return c
}

// AddClick adds a click of the customer.
func (c *Customer) AddClick(click program.Click) {
	c.clicks[click.ID] = true
	for key, values := range c.keys {
		if value := *key.Field(&click); value != "" {
			values[value] = true
		}
	}
}

// HasClick reports whether the customer has a click with the id.
func (c *Customer) HasClick(id string) bool { return c.clicks[id] }

// Is reports whether id is that of the customer.
func (c *Customer) Is(id string) bool { return id == c.id }

// Placed reports whether the order of a conversion is the customer's: it has the customer's id, or
// a key of one of the customer's clicks.
func (c *Customer) Placed(conversion ledger.Conversion) bool {
	if c.Is(conversion.Customer) || c.clicks[conversion.Click] {
		return true
	}
	for key, value := range map[program.ClickKey]string{
		program.ClickByCustomID: conversion.CustomClick, program.ClickByURL: conversion.UniqueURL,
		program.ClickByProfile: conversion.Profile, program.ClickByCaller: conversion.CallerID,
	} {
		if c.keys[key][value] {
			return true
		}
	}
	return false
}
