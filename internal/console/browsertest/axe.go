package browsertest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// violation is a rule of axe-core that elements violate.
type violation struct {
	ID, Impact, Help, HelpURL string
	Nodes                     []struct {
		Target         []any // selectors; a list within frames and shadow roots
		HTML           string
		FailureSummary string
	}
}

// Axe checks the page's accessibility with axe-core, by the rules of WCAG 2.2 AA and the best
// practices. Each violating element fails the test, which goes on.
func (p *Page) Axe() {
	p.t.Helper()
	source, err := axeSource(Modules(p.t))
	if err != nil {
		p.t.Fatal(err)
	}
	p.settle()
	evaluate[bool](p, source+"\n;true")
	result := evaluate[struct {
		Passes     int
		Violations []violation
	}](p, axeRun)
	if result.Passes == 0 {
		p.t.Fatal("axe-core passed no rule, so it checked nothing")
	}
	for _, v := range result.Violations {
		for _, n := range v.Nodes {
			p.t.Errorf("accessibility of %s: %s (%s, %s)\n\tat %v: %s\n\t%s", p.Path(), v.Help, v.ID, v.Impact, n.Target, n.HTML, remedy(n.FailureSummary))
		}
	}
}

// axeRun runs axe-core and restores the page's own axe, if it has one.
const axeRun = `axe.run(document, {
	resultTypes: ["violations"],
	runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}).then(r => ({passes: r.passes.length, violations: r.violations}))`

// axeSource returns the script axe-core of a folder of npm packages.
var axeSource = func() func(modules string) (string, error) {
	var once sync.Once
	var source []byte
	var err error
	return func(modules string) (string, error) {
		once.Do(func() { source, err = os.ReadFile(filepath.Join(modules, "axe-core", "axe.min.js")) })
		if err != nil {
			return "", fmt.Errorf("read axe-core, which .ci/browser installs: %w", err)
		}
		return string(source), nil
	}
}()

// remedy puts the lines of axe-core's advice on one.
func remedy(summary string) string {
	return strings.Join(strings.Fields(summary), " ")
}
