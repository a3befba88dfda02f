package people

import "strings"

// Role is what a person is in an account. It decides what the person may do there.
type Role string

// The roles.
const (
	RoleViewer   Role = "viewer"
	RoleOperator Role = "operator"
	RoleFinance  Role = "finance"
	RoleAdmin    Role = "admin"
	RolePartner  Role = "partner"
)

// Permission is a set of things that a person may do in an account.
type Permission uint8

// The permissions.
const (
	// ReadOwn is to see what concerns the partner of the membership, and to open inquiries for it.
	ReadOwn Permission = 1 << iota
	// Read is to see everything of the account.
	Read
	// Operate is to modify, reverse and undo, to report conversions, to import files and to resolve
	// inquiries.
	Operate
	// Finance is to issue and pay invoices, to record bonuses and exchange rates, and to write off
	// balances.
	Finance
	// Administer is to change people, tokens, webhooks, the program and the clock, and to erase
	// customers.
	Administer
)

// RoleInfo describes a role.
type RoleInfo struct {
	Role Role
	// Description is a phrase for people who choose a role.
	Description string
	May         Permission
}

// Roles lists the roles. Other code derives from it what a role may do.
var Roles = []RoleInfo{
	{RoleViewer, "sees everything and changes nothing", Read},
	{RoleOperator, "also changes and reverses actions, imports files and resolves inquiries", Read | Operate},
	{RoleFinance, "sees everything, and issues and pays invoices", Read | Finance},
	{RoleAdmin, "does everything, also people, tokens, webhooks and terms", Read | Operate | Finance | Administer},
	{RolePartner, "sees the orders, invoices and inquiries of one partner", ReadOwn},
}

// info returns the row of a role, or an empty one, which permits nothing.
func (r Role) info() RoleInfo {
	for _, i := range Roles {
		if i.Role == r {
			return i
		}
	}
	return RoleInfo{}
}

// Known reports whether r is one of [Roles].
func (r Role) Known() bool { return r.info().Role != "" }

// May reports whether the role has all permissions of p. A role that isn't one of [Roles] has none.
func (r Role) May(p Permission) bool { return p != 0 && r.info().May&p == p }

// Includes reports whether who has the permissions p may do what requires all of required. Who may
// change an account may read it too. Nobody may do what requires no permission.
func (p Permission) Includes(required Permission) bool {
	if p > Read {
		p |= Read
	}
	return required != 0 && p&required == required
}

// RoleNames returns the names of all roles, separated by commas.
func RoleNames() string {
	names := make([]string, len(Roles))
	for i, info := range Roles {
		names[i] = string(info.Role)
	}
	return strings.Join(names, ", ")
}
