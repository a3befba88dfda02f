package main_test

import (
	"strings"
	"testing"
)

func TestWordsAreCompleted(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir()) // without profiles
	for _, test := range []struct {
		name  string
		words []string
		want  string
	}{
		{"a command by its beginning", []string{"act"}, "action"},
		{"the commands of a noun", []string{"order", ""}, "get return"},
		{"no hidden command", []string{"__"}, ""},
		{"a command below an old name", []string{"rates", "im"}, "import"},
		{"flags of a command", []string{"order", "get", "--out"}, "--output"},
		{"flags of the verb that is left out", []string{"audit", "--bef"}, "--before"},
		{"flags of the program", []string{"version", "--con"}, "--config"},
		{"no flags after --", []string{"order", "get", "--", "--out"}, ""},
		{"values after a flag", []string{"order", "get", "--output", "js"}, "json jsonl"},
		{"values after a short flag", []string{"order", "get", "-o", "y"}, "yaml"},
		{"values in the word of the flag", []string{"order", "get", "--output=js"}, "--output=json --output=jsonl"},
		{"values after = as a word", []string{"order", "get", "--output", "=", "js"}, "json jsonl"},
		{"values after = as the last word", []string{"tail", "--output", "="}, "table jsonl"},
		{"an argument after flags with values", []string{"export", "--account", "1", "-o", "x", "pay"}, "payouts"},
		{"an argument after a flag without a value", []string{"completion", "z"}, "zsh"},
		{"no argument too many", []string{"completion", "zsh", ""}, ""},
		{"no value after a flag of free text", []string{"order", "get", "--profile", ""}, ""},
		{"a file after a flag", []string{"apply", "-f", ""}, ":files"},
		{"a file as an argument", []string{"import", "--account", "1", "re"}, ":files"},
		{"a topic", []string{"help", "exit"}, "exit-codes"},
		{"a command as a topic", []string{"help", "action", "mod"}, "modify"},
		{"nothing below an unknown command", []string{"nonsense", ""}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, err := output(t, append([]string{"__complete", "--"}, test.words...)...)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for line := range strings.Lines(text) {
				word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
				got = append(got, word)
			}
			if got := strings.Join(got, " "); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
