package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"time"

	"github.com/trueup-ledger/trueup/client"
	"github.com/trueup-ledger/trueup/client/internal/transport"
	"github.com/trueup-ledger/trueup/money"
)

// Account is an account in the list of accounts.
type Account struct {
	ID       int            `wire:"id"`
	Name     string         `wire:"name"`
	Currency money.Currency `wire:"currency"`
	Zone     string         `wire:"zone"` // the name of a time zone, such as "Europe/Berlin"
}

// Accounts returns the accounts.
func (c *Client) Accounts(ctx context.Context) iter.Seq2[Account, error] {
	return list[Account](ctx, c, "/accounts", "accounts", struct{}{})
}

// List is a list of entries in the reference file.
type List string

// Lists of the reference file, with the keys of their entries.
const (
	Campaigns     List = "campaigns"      // id
	EventTypes    List = "event_types"    // id
	Partners      List = "partners"       // id
	PartnerGroups List = "partner_groups" // id
	PromoCodes    List = "promo_codes"    // campaign, code
	Contracts     List = "contracts"      // id
	Clicks        List = "clicks"         // id; can't be read
	RateTables    List = "rate_tables"    // date, base; see [Client.RateTables]
	Notifications List = "notifications"  // id
	Bridges       List = "bridges"        // id
)

// Key identifies an entry of reference data. [Entry] returns one.
type Key struct {
	list List
	keys []string
}

// Entry returns the key of the entry that has the given values as its keys, as in
// Entry(Partners, 10001) and Entry(PromoCodes, 1000, "SAVE10").
func Entry(list List, keys ...any) Key {
	k := Key{list: list}
	for _, key := range keys {
		k.keys = append(k.keys, fmt.Sprint(key))
	}
	return k
}

func (k Key) path(account int) string {
	return accountPath(account, string(k.list)) + transport.Path(k.keys...)
}

// Account returns an account with its settings and all its lists except clicks and rate tables.
func (c *Client) Account(ctx context.Context, account int) (json.RawMessage, error) {
	return c.client.Call(ctx, client.Request{Path: accountPath(account)})
}

// Entry returns an entry of reference data.
func (c *Client) Entry(ctx context.Context, account int, k Key) (json.RawMessage, error) {
	return c.client.Call(ctx, client.Request{Path: k.path(account)})
}

// PutOptions are options of [Client.PutAccount] and [Client.PutEntry].
type PutOptions struct {
	// Force permits terms that are implausible, such as a rate over 100 %.
	Force bool `wire:"force"`
	// IdempotencyKey is that of [WriteOptions].
	IdempotencyKey string `wire:"-"`
}

// PutAccount creates or changes an account and the entries in its lists, and returns the number of
// entries that are new or changed. Other entries stay, but a setting of the account that is left
// out gets its default.
func (c *Client) PutAccount(ctx context.Context, account int, entry any, o PutOptions) (recorded int, err error) {
	return c.put(ctx, accountPath(account), entry, o)
}

// PutEntry creates or replaces an entry of reference data. The keys in k may be left out of the
// entry. It returns the number of entries that are new or changed: 0 or 1, or for a contract also
// its terms.
func (c *Client) PutEntry(ctx context.Context, account int, k Key, entry any, o PutOptions) (recorded int, err error) {
	return c.put(ctx, k.path(account), entry, o)
}

func (c *Client) put(ctx context.Context, path string, entry any, o PutOptions) (int, error) {
	return number(send[recordedEntries](ctx, c, client.Request{
		Method: http.MethodPut, Path: withQuery(path, o), Body: entry, WriteOptions: client.WriteOptions{IdempotencyKey: o.IdempotencyKey},
	}))
}

type recordedEntries struct {
	Recorded int `wire:"recorded"`
}

// number returns the number of recorded entries.
func number(r *recordedEntries, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	return r.Recorded, nil
}

// End says how an entry ends.
type End struct {
	// At is the end of a contract or a promo code: the first instant at which it is no longer in
	// force. The default is now.
	At time.Time `wire:"at"`
	// State is the new state of any other entry, which can't be ACTIVE. The default is ENDED.
	State string `wire:"state"`
}

// EndEntry ends an entry of reference data. It returns the number of entries that changed, 0 or 1.
func (c *Client) EndEntry(ctx context.Context, account int, k Key, e End, o WriteOptions) (recorded int, err error) {
	return number(post[recordedEntries](ctx, c, k.path(account)+"/end", e, "", o))
}
