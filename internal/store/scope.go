package store

import (
	"fmt"
	"slices"
	"strings"
)

// Resource is a part of the protocol that scopes give access to.
type Resource string

// The resources.
const (
	ResourceConversions Resource = "conversions"
	// ResourceActions covers actions and their items, and undoing submissions.
	ResourceActions     Resource = "actions"
	ResourceUpdates     Resource = "updates"
	ResourceSubmissions Resource = "submissions"
	ResourceInquiries   Resource = "inquiries"
	// ResourceFiles covers batch files and their results.
	ResourceFiles     Resource = "files"
	ResourceCampaigns Resource = "campaigns"
	ResourceContracts Resource = "contracts"
	ResourcePartners  Resource = "partners"
	// ResourceGroups covers groups of partners.
	ResourceGroups     Resource = "partnergroups"
	ResourcePromoCodes Resource = "promocodes"
	ResourceClicks     Resource = "clicks"
	ResourceCompany    Resource = "company"
	// ResourceInvoices covers invoices, what is on them, and balances.
	ResourceInvoices Resource = "invoices"
	// ResourceCollections covers the collections that are always empty.
	ResourceCollections Resource = "collections"
)

// Read returns the scope to read the resource.
func (r Resource) Read() Scope { return Scope(r) + read }

// Write returns the scope to change the resource.
func (r Resource) Write() Scope { return Scope(r) + write }

// Scope is a permission of a token: "<resource>:read", "<resource>:write", or one of the
// constants below (docs/protocol.md, section 2).
type Scope string

const (
	// ScopeAll includes every scope of an account.
	ScopeAll Scope = "*"
	// ScopeRead includes every scope to read. Read-only tokens have it.
	ScopeRead = ScopeAll + read
	// ScopeWrite includes every scope to write.
	ScopeWrite = ScopeAll + write
	// ScopeAdmin gives access to the admin API. Only tokens of [Operator] have it. No
	// other scope includes it, and it includes no other scope.
	ScopeAdmin Scope = "admin"

	read  Scope = ":read"
	write Scope = ":write"
)

// Scopes lists the scopes that a token of an account can have.
var Scopes = []Scope{
	ScopeAll, ScopeRead, ScopeWrite,
	ResourceConversions.Write(),
	ResourceActions.Read(), ResourceActions.Write(),
	ResourceUpdates.Read(),
	ResourceSubmissions.Read(),
	ResourceInquiries.Read(), ResourceInquiries.Write(),
	ResourceFiles.Read(), ResourceFiles.Write(),
	ResourceCampaigns.Read(), ResourceContracts.Read(), ResourcePartners.Read(), ResourcePartners.Write(), ResourceCompany.Read(),
	ResourceGroups.Read(), ResourceGroups.Write(), ResourcePromoCodes.Read(), ResourcePromoCodes.Write(), ResourceClicks.Read(),
	ResourceInvoices.Read(), ResourceCollections.Read(),
}

// parseScopes returns the scopes sorted and without duplicates. If a scope is unknown,
// the error lists [Scopes].
func parseScopes(texts []string) ([]Scope, error) {
	scopes := make([]Scope, 0, len(texts))
	for _, text := range texts {
		if !slices.Contains(Scopes, Scope(text)) {
			return nil, fmt.Errorf("scope %.64q is unknown: use %s", text, JoinScopes(Scopes, ", "))
		}
		scopes = append(scopes, Scope(text))
	}
	slices.Sort(scopes)
	return slices.Compact(scopes), nil
}

// JoinScopes concatenates the scopes with a separator between them.
func JoinScopes(scopes []Scope, separator string) string {
	texts := make([]string, len(scopes))
	for i, s := range scopes {
		texts[i] = string(s)
	}
	return strings.Join(texts, separator)
}

// includes reports whether s includes another scope, which must be one of a resource.
func (s Scope) includes(other Scope) bool {
	return s == other || s == ScopeAll ||
		s == ScopeRead && strings.HasSuffix(string(other), string(read)) ||
		s == ScopeWrite && strings.HasSuffix(string(other), string(write))
}
