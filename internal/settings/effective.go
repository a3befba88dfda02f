package settings

import (
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"
)

// mask is printed in place of secrets.
const mask = "********"

// Setting is the value that a setting has.
type Setting struct {
	Key string
	// Value is the value as text, masked if it is secret.
	Value string
	// Source is the file and line, the environment variable or "default".
	Source string
}

// Print prints a table of the settings.
func Print(w io.Writer, list []Setting) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SETTING\tVALUE\tSOURCE")
	for _, s := range list {
		fmt.Fprintf(table, "%s\t%s\t%s\n", s.Key, s.Value, s.Source)
	}
	return table.Flush()
}

// Effective returns the values of all settings of a parsed command that declares them.
func (r *Resolver) Effective(ctx *kong.Context) ([]Setting, error) {
	flags := Flags(ctx.Model, r.command)
	list := make([]Setting, len(flags))
	parent := ctx.Path[len(ctx.Path)-1]
	for _, p := range ctx.Path {
		if p.Command != nil {
			parent = p
		}
	}
	for i, flag := range flags {
		list[i] = Setting{Key: Key(flag), Value: text(flag), Source: "default"}
		if _, set := os.LookupEnv(variable(Key(flag))); set {
			list[i].Source = variable(Key(flag))
		}
		_, source, err := r.find(ctx, parent, flag)
		if err != nil {
			return nil, err
		}
		if source != "" {
			list[i].Source = source
		}
	}
	return list, nil
}

// text returns the value of a flag as text.
func text(flag *kong.Flag) string {
	target := flag.Target
	if target.Kind() == reflect.Pointer {
		if target.IsNil() {
			return ""
		}
		target = target.Elem()
	}
	if list, is := target.Interface().([]string); is {
		return strings.Join(list, ",")
	}
	if IsSecret(flag) && !target.IsZero() {
		return mask
	}
	return fmt.Sprint(target.Interface())
}
