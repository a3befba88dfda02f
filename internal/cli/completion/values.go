package completion

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/url"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/help"
	"github.com/trueup-ledger/trueup/internal/cli/profile"
	"github.com/trueup-ledger/trueup/internal/export"
	"github.com/trueup-ledger/trueup/internal/store/sqlstore"
)

// object is a kind of objects that the protocol lists.
type object struct {
	// path is below the account, and key is the name of the array in the response.
	path, key string
	// id and name are the fields with the value and its description.
	id, name string
}

var campaigns = object{"/Campaigns", "Campaigns", "Id", "Name"}

// objects are the kinds whose ids are values of flags and arguments, by their names.
var objects = map[string]object{
	"--campaign":   campaigns,
	"--partner":    {"/MediaPartners", "Partners", "Id", "Name"},
	"--promo-code": {"/PromoCodes", "PromoCodes", "Code", "AssignedPartnerName"},
	"--code":       {"/PromoCodes", "PromoCodes", "Code", "AssignedPartnerName"},
	"<campaign>":   campaigns,
	"<partner>":    {"/MediaPartners", "Partners", "Id", "Name"},
	"<promo-code>": {"/PromoCodes", "PromoCodes", "Id", "Code"},
}

// values sends the values of a flag or an argument.
func (l *line) values(ctx context.Context, v *kong.Value, send func(candidate)) error {
	s := cli.Streams{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Log: slog.New(slog.DiscardHandler)}
	name := "<" + v.Name + ">"
	if v.Flag != nil {
		name = "--" + v.Name
	}
	if v.Enum != "" {
		for _, value := range v.EnumSlice() {
			send(candidate{text: value})
		}
		return nil
	}
	if o, found := objects[name]; found {
		return l.session(ctx, s, func(ctx context.Context, s *cli.Session) error { return list(ctx, s, o, send) })
	}
	switch name {
	case "<contract>":
		return l.session(ctx, s, func(ctx context.Context, s *cli.Session) error { return contracts(ctx, s, send) })
	case "--account":
		return l.accounts(ctx, send)
	case "--profile":
		return profiles(send)
	case "<resource>":
		for _, r := range export.Resources {
			send(candidate{text: r.Command()})
		}
	case "<topic>":
		l.topics(send)
	}
	return nil
}

// target are the flags that select a ledger or a server.
type target struct{ cli.Target }

// parseTarget parses the flags of the command line that select a ledger or a server.
func (l *line) parseTarget() (t target, k *kong.Context, err error) {
	parser, err := kong.New(&t, kong.Writers(io.Discard, io.Discard), kong.Exit(func(int) {}))
	if err == nil {
		k, err = parser.Parse(l.target)
	}
	return t, k, err
}

// session calls do with a session of the ledger or the server that the command line selects.
func (l *line) session(ctx context.Context, s cli.Streams, do func(context.Context, *cli.Session) error) error {
	t, k, err := l.parseTarget()
	if err != nil {
		return err
	}
	return t.Run(ctx, k, s, true, do)
}

// list sends the ids of objects.
func list(ctx context.Context, s *cli.Session, o object, send func(candidate)) error {
	for text, err := range s.Client.Collection(ctx, o.path, o.key, nil) {
		if err != nil {
			return err
		}
		var members map[string]json.RawMessage
		if err := json.Unmarshal(text, &members); err != nil {
			return err
		}
		send(candidate{plain(members[o.id]), plain(members[o.name])})
	}
	return nil
}

// plain returns a text or a number of JSON without quotes.
func plain(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	return string(value)
}

// contracts sends the ids of the contracts of all campaigns.
func contracts(ctx context.Context, s *cli.Session, send func(candidate)) (err error) {
	failed := list(ctx, s, campaigns, func(c candidate) {
		if err == nil {
			err = list(ctx, s, object{"/Campaigns/" + url.PathEscape(c.text) + "/Contracts", "Contracts", "Id", "PartnerName"}, send)
		}
	})
	if err == nil {
		err = failed
	}
	return err
}

// accounts sends the accounts of the ledger on this machine.
func (l *line) accounts(ctx context.Context, send func(candidate)) error {
	t, _, err := l.parseTarget()
	if err != nil {
		return err
	}
	return cli.UseStore(ctx, t.OpenReadOnly, cli.LedgerFolder, func(st *sqlstore.Store) error {
		accounts, err := st.Accounts(ctx)
		for _, account := range accounts {
			send(candidate{text: strconv.FormatInt(account, 10)})
		}
		return err
	})
}

// profiles sends the names of the profiles.
func profiles(send func(candidate)) error {
	path, err := profile.Path()
	if err != nil {
		return err
	}
	f, err := profile.Load(path)
	for _, name := range f.Names() {
		send(candidate{name, f.Profiles[name].URL})
	}
	return err
}

// topics sends the topics of help, and the commands.
func (l *line) topics(send func(candidate)) {
	if len(l.arguments) == 0 {
		for _, name := range help.Names(l.app) {
			send(candidate{text: name})
		}
	}
	n := l.app.Node
	for _, word := range l.arguments {
		if n = help.Child(n, word); n == nil {
			return
		}
	}
	for _, child := range n.Children {
		if !child.Hidden {
			send(candidate{child.Name, child.Help})
		}
	}
}
