package store

import (
	"fmt"
	"slices"
	"strings"
)

// Resource is what a scope is about: a part of the protocol.
type Resource string

// The resources. The list is closed.
const (
	ResourceConversions Resource = "conversions"
	// ResourceActions are actions and their items; undoing a submission writes them too.
	ResourceActions     Resource = "actions"
	ResourceUpdates     Resource = "updates"
	ResourceSubmissions Resource = "submissions"
	ResourceInquiries   Resource = "inquiries"
	// ResourceFiles are batch files and what became of them.
	ResourceFiles     Resource = "files"
	ResourceCampaigns Resource = "campaigns"
	ResourceContracts Resource = "contracts"
	ResourcePartners  Resource = "partners"
	ResourceCompany   Resource = "company"
	// ResourceCollections are the collections that are served empty.
	ResourceCollections Resource = "collections"
)

// Read answers the scope of looking at the resource.
func (r Resource) Read() Scope { return Scope(r) + read }

// Write answers the scope of changing the resource.
func (r Resource) Write() Scope { return Scope(r) + write }

// Scope is something that a token may do: "<resource>:read" or ":write"
// (docs/protocol.md, section 2).
type Scope string

const (
	// ScopeAll is every scope of an account, "<resource>:read" and ":write" alike.
	ScopeAll Scope = "*"
	// ScopeRead reads everything: that of a read-only token.
	ScopeRead = ScopeAll + read
	// ScopeWrite writes everything.
	ScopeWrite = ScopeAll + write
	// ScopeAdmin opens the admin API, for tokens of [Operator] alone. No other
	// scope includes it, and it includes no other.
	ScopeAdmin Scope = "admin"

	read  Scope = ":read"
	write Scope = ":write"
)

// Scopes are all that a token of an account can have.
var Scopes = []Scope{
	ScopeAll, ScopeRead, ScopeWrite,
	ResourceConversions.Write(),
	ResourceActions.Read(), ResourceActions.Write(),
	ResourceUpdates.Read(),
	ResourceSubmissions.Read(),
	ResourceInquiries.Read(), ResourceInquiries.Write(),
	ResourceFiles.Read(), ResourceFiles.Write(),
	ResourceCampaigns.Read(), ResourceContracts.Read(), ResourcePartners.Read(), ResourceCompany.Read(),
	ResourceCollections.Read(),
}

// ParseScopes answers the scopes in order, each once. One that is not in [Scopes]
// is an error that lists them.
func ParseScopes(texts []string) ([]Scope, error) {
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

// JoinScopes answers the scopes as one text.
func JoinScopes(scopes []Scope, separator string) string {
	texts := make([]string, len(scopes))
	for i, s := range scopes {
		texts[i] = string(s)
	}
	return strings.Join(texts, separator)
}

// includes reports whether who has s has the other scope, that of a resource, too.
func (s Scope) includes(other Scope) bool {
	return s == other || s == ScopeAll ||
		s == ScopeRead && strings.HasSuffix(string(other), string(read)) ||
		s == ScopeWrite && strings.HasSuffix(string(other), string(write))
}
