package main_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/alecthomas/kong"

	main "github.com/trueup-ledger/trueup/cmd/trueup"
	"github.com/trueup-ledger/trueup/internal/cli"
	"github.com/trueup-ledger/trueup/internal/cli/help"
)

// output runs a command that only prints, and returns its output.
func output(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	parser := main.Parser()
	parser.Stdout = &out
	type exit struct{}
	parser.Exit = func(int) { panic(exit{}) } // for --help
	err := func() (err error) {
		defer func() {
			if r := recover(); r != nil && r != (exit{}) {
				panic(r)
			}
		}()
		parsed, err := parser.Parse(args)
		if err != nil {
			message, command := help.UsageError(parser.Model, err)
			return errors.New(message + "\nSee: " + command + " --help")
		}
		parsed.BindTo(context.Background(), (*context.Context)(nil))
		return parsed.Run(cli.Streams{In: strings.NewReader(""), Out: &out, Err: &out})
	}()
	return out.String(), err
}

func TestTheHelpOfTheProgramFitsAScreen(t *testing.T) {
	text, err := output(t, "--help")
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(text, "\n"); lines > 24 {
		t.Errorf("it has %d lines, at most 24", lines)
	}
	for line := range strings.Lines(text) {
		if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 80 {
			t.Errorf("a line has %d columns, at most 80: %s", n, line)
		}
	}
	words := strings.Fields(strings.ReplaceAll(text, ",", " "))
	for _, n := range main.Parser().Model.Children {
		switch {
		case n.Hidden:
		case n.Group == nil:
			t.Errorf("%s has no tag group", n.Name)
		case !slices.Contains(words, n.Name):
			t.Errorf("it lacks %s", n.Name)
		}
	}
	if bare, err := output(t, "help"); err != nil || bare != text {
		t.Errorf("trueup help differs from trueup --help: %v", err)
	}
}

func TestTheListOfCommandsIsComplete(t *testing.T) {
	text, err := output(t, "help", "commands")
	if err != nil {
		t.Fatal(err)
	}
	app := main.Parser().Model
	for _, n := range help.Commands(app) {
		if !strings.Contains(text, "\n  "+help.Name(app, n)) && !strings.Contains(text, help.Name(app, n)+" ") {
			t.Errorf("it lacks %q", help.Path(n))
		}
	}
}

func TestHelpOfACommandIsThatOfItsFlag(t *testing.T) {
	app := main.Parser().Model
	for _, n := range help.Commands(app) {
		words := strings.Fields(help.Path(n))
		byFlag, err := output(t, append(words, "--help")...)
		if err != nil {
			t.Fatal(err)
		}
		if byCommand, err := output(t, append([]string{"help"}, words...)...); err != nil || byCommand != byFlag {
			t.Errorf("help %s differs: %v", help.Path(n), err)
		}
	}
}

func TestFlagsOfACommandPrecedeTheOthers(t *testing.T) {
	text, err := output(t, "action", "list", "--help")
	if err != nil {
		t.Fatal(err)
	}
	at := -1
	for _, part := range []string{"\nFlags:", "--since", "\nOutput flags:", "--columns", "\nTarget flags:", "--url", "\nGeneral flags:", "--help", "\nExamples:"} {
		next := strings.Index(text, part)
		if next <= at {
			t.Errorf("%q is at %d, after %d:\n%s", part, next, at, text)
		}
		at = next
	}
}

func TestTopicsFitATerminal(t *testing.T) {
	app := main.Parser().Model
	list, err := output(t, "help", "topics")
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range help.Topics(app) {
		if help.Child(app.Node, topic.Name) != nil {
			t.Errorf("%s is a command and a topic", topic.Name)
		}
		if !strings.Contains(list, "trueup help "+topic.Name+" ") {
			t.Errorf("the list of topics lacks %s", topic.Name)
		}
		text, err := output(t, "help", topic.Name)
		if err != nil || !strings.HasPrefix(text, topic.Title+"\n\n") || strings.ContainsAny(text, "{}") {
			t.Errorf("help %s prints %q, %v", topic.Name, text, err)
		}
		for line := range strings.Lines(text) {
			if n := utf8.RuneCountInString(line) - 1; n > 80 {
				t.Errorf("help %s: a line has %d columns: %s", topic.Name, n, line)
			}
		}
	}
}

func TestUsageErrorsNameTheNearest(t *testing.T) {
	for args, want := range map[string]string{
		"actoin list":             "unexpected argument actoin, did you mean \"action\"?\nSee: trueup --help",
		"action lst":              "unexpected argument lst, did you mean one of \"list\", \"get\"?\nSee: trueup action --help",
		"action show x":           "unexpected argument show, did you mean \"trueup action get\"?\nSee: trueup action --help",
		"retain":                  "unexpected argument retain, did you mean \"trueup account retain\"?\nSee: trueup --help",
		"returns":                 "unexpected argument returns, did you mean \"trueup order return\"?\nSee: trueup --help",
		"notification deliveryes": "unexpected argument deliveryes, did you mean \"deliveries\"?\nSee: trueup notification --help",
		"nonsense":                "unexpected argument nonsense\nSee: trueup --help",
		"action list extra":       "unexpected argument extra\nSee: trueup action list --help",
		"action list --ordr 1":    "unknown flag --ordr, did you mean \"--order\"?\nSee: trueup action list --help",
		"action list --eventype":  "unknown flag --eventype, did you mean \"--event-type\"?\nSee: trueup action list --help",
		"action list -o xml":      "--output must be one of \"table\", \"json\", \"jsonl\", \"csv\", \"yaml\" but got \"xml\"\nSee: trueup action list --help",
		"help targts":             "no help about \"targts\", did you mean \"targets\"; see: trueup help topics",
		"help action modfy":       "no help about \"action modfy\", did you mean \"action modify\"; see: trueup help topics",
		"help nonsense":           "no help about \"nonsense\"; see: trueup help topics",
	} {
		if _, err := output(t, strings.Fields(args)...); err == nil || err.Error() != want {
			t.Errorf("trueup %s: %v\nwant %s", args, err, want)
		}
	}
}

// exampleFiles are the files that examples name.
var exampleFiles = map[string]string{
	"trueup.yaml": "listen: 127.0.0.1:0\nadmin_listen: 127.0.0.1:0\n",
	"returns.csv": "ActionId,Sku,Quantity,Reason\n1000.2240.3293,12345,1,ORDER_UPDATE\n1000.2240.3293,NONE,1,ORDER_UPDATE\n",
	"bank.csv":    "date,amount,currency,reference\n", "eurofxref-hist.csv": "Date,USD\n", "backups/note.txt": "",
}

// exampleFolder returns a folder with the files that examples name.
func exampleFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	terms, err := os.ReadFile("../../internal/demo/demo.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{"program.yaml": string(terms)}
	for name, text := range exampleFiles {
		files[name] = text
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// split returns the words of an example, as a shell has them.
func split(example string) (words []string) {
	for i, part := range strings.Split(example, `"`) {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}

func TestEveryCommandHasExamplesThatParse(t *testing.T) {
	t.Chdir(exampleFolder(t))
	app := main.Parser().Model
	for _, n := range help.Commands(app) {
		examples, want := help.Examples(app, n), 2
		if len(n.Positional)+len(n.Flags) == 0 {
			want = 1
		}
		if len(examples) != want {
			t.Errorf("%s has %d examples, want %d", help.Path(n), len(examples), want)
		}
		for _, example := range examples {
			parsed, err := main.Parser().Parse(split(example)[1:])
			if err != nil || help.Path(parsed.Selected()) != help.Path(n) {
				t.Errorf("%s: %v", example, err)
			}
		}
	}
}

// changes are the commands that change something, never end, or need what the demo lacks.
var changes = strings.Split(`account retain
action limit
action modify
action reset
action reverse
action undo
apply
backup create
backup verify
balance write-off
bench
bonus
bridge list
bridge retry
conversion create
copy
demo
erase
import
inquiry create
inquiry get
invoice issue
login
logout
man
migrate
modify
notification resend
notification secret
order return
payment import
payment record
person disable
person invite
person reset
person role
rate import
recover
restore
reverse
serve
submission park
submission retry
tail
token create
token disable
token expire
token rotate
token strict`, "\n")

func TestExamplesThatReadSucceed(t *testing.T) {
	t.Parallel()
	c, data := demoCaller(t, program)
	dir := exampleFolder(t)
	trueup := func(args ...string) (string, error) {
		command := exec.Command(program, args...)
		command.Dir = dir
		command.Env = append(os.Environ(), "XDG_CONFIG_HOME="+dir, "TRUEUP_DATA="+data, "TRUEUP_URL="+c.host, "TRUEUP_SID="+c.sid, "TRUEUP_TOKEN="+c.secret)
		out, err := command.CombinedOutput()
		return string(out), err
	}
	if out, err := trueup("import", "--account", "1", "returns.csv"); err == nil {
		t.Fatalf("a row must fail: %s", out)
	}
	ids := strings.NewReplacer(
		"A-01a221b4-8d45-83a7-92d7-000000000ce0", newest(t, trueup, "submission", "--type", "Conversion"), "8a6b0a3e-0001", newest(t, trueup, "file"), "/var/lib/trueup", data)
	app := main.Parser().Model
	ran := 0
	for _, n := range help.Commands(app) {
		if slices.Contains(changes, help.Path(n)) {
			continue
		}
		for _, example := range help.Examples(app, n) {
			if out, err := trueup(split(ids.Replace(example))[1:]...); err != nil {
				t.Errorf("%s: %v\n%s", example, err, out)
			}
			ran++
		}
	}
	if ran < 60 {
		t.Errorf("ran %d examples", ran)
	}
}

// newest returns the id of the newest object of a kind.
func newest(t *testing.T, trueup func(args ...string) (string, error), list ...string) string {
	t.Helper()
	args := append(slices.Insert(list, 1, "list"), "--limit", "1", "-o", "csv", "--columns", "BatchId")
	out, err := trueup(args...)
	lines := strings.Split(out, "\n")
	if err != nil || len(lines) < 2 {
		t.Fatalf("trueup %s: %s, %v", strings.Join(args, " "), out, err)
	}
	return lines[1]
}

func TestCommandsThatChangeAreCommands(t *testing.T) {
	app := main.Parser().Model
	for _, path := range changes {
		if n, rest := help.Find(app, strings.Fields(path)); len(rest) > 0 || !isLeaf(n) {
			t.Errorf("%q is no command", path)
		}
	}
}

func isLeaf(n *kong.Node) bool { return n.Type == kong.CommandNode && n.Leaf() }
