package main_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
)

// Files for operators, from this folder.
const (
	alertsFile    = "../../deploy/prometheus/alerts.yml"
	dashboardFile = "../../deploy/grafana/trueup.json"
)

// TestPrometheusFindsEveryMetric runs Prometheus with the alerts on a server that serves the
// demo's data and whose webhook fails. It needs the path of the program prometheus in
// TRUEUP_TEST_PROMETHEUS.
func TestPrometheusFindsEveryMetric(t *testing.T) {
	binary := os.Getenv("TRUEUP_TEST_PROMETHEUS")
	switch {
	case binary == "" && os.Getenv("CI") != "":
		t.Fatal("CI has no Prometheus: TRUEUP_TEST_PROMETHEUS is not set")
	case binary == "":
		t.Skip("set TRUEUP_TEST_PROMETHEUS to the path of the program prometheus")
	}
	if out, err := exec.Command(filepath.Join(filepath.Dir(binary), "promtool"), "check", "rules", alertsFile).CombinedOutput(); err != nil {
		t.Errorf("promtool check rules: %v\n%s", err, out)
	}
	shop, metrics := failingWebhook(t)
	p := startPrometheus(t, binary, metrics)
	p.wait(t, `up{job="trueup"} == 1`)
	order := orderForm("first")
	order.Set("MediaPartnerId", "10001")
	if s := shop.submitAndWait("POST", "/Conversions", order); s.ErrorReason != "" {
		t.Fatalf("the order was rejected: %+v", s)
	}
	alerts := alertExpressions(t)
	for _, e := range alerts {
		p.checkSyntax(t, e)
		for _, name := range regexp.MustCompile(`\b(trueup_\w+|up)\b`).FindAllString(e, -1) {
			p.wait(t, name)
		}
	}
	p.wait(t, alerts["TrueupWebhooksFailing"])
	for _, e := range dashboardExpressions(t) {
		p.wait(t, strings.NewReplacer("$instance", ".*", "$__rate_interval", "1m").Replace(e))
	}
}

// failingWebhook starts a server on the demo's data, with a notification whose receiver always
// fails. It returns a client of the demo's account and the address of the metrics.
func failingWebhook(t *testing.T) (shop *caller, metrics string) {
	t.Helper()
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	t.Cleanup(receiver.Close)
	data := filepath.Join(t.TempDir(), "data")
	if err := copyDemo(data); err != nil {
		t.Fatal(err)
	}
	notification := filepath.Join(t.TempDir(), "notification.yaml")
	text := "accounts:\n  - id: 1\n    name: Trueup Demo\n    currency: USD\n    zone: America/Los_Angeles\n    notifications:\n      - {id: 99, campaign: 1000, events: [tracked], method: GET, url: '" + receiver.URL + "/'}\n"
	if err := os.WriteFile(notification, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "apply", "-f", notification, "--data", data)
	h := &harness{store: []string{"--data", data}, log: os.Stderr}
	h.credentials = credentialsIn(t, h.run(t, "token", "create", "--account", "1"))
	server, shop := h.serve(t, "--backup-dir", filepath.Join(t.TempDir(), "backups"))
	t.Cleanup(func() { h.stop(t, server) })
	admin, err := url.Parse(server.env["TRUEUP_ADMIN_URL"])
	if err != nil {
		t.Fatal(err)
	}
	return shop, admin.Host
}

// prometheus is a running server.
type prometheus struct{ url string }

// startPrometheus starts a server with the alerts that scrapes a target until the test ends.
func startPrometheus(t *testing.T, binary, target string) prometheus {
	t.Helper()
	alerts, err := filepath.Abs(alertsFile)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	config := filepath.Join(dir, "prometheus.yml")
	text := fmt.Sprintf("global: {scrape_interval: 500ms}\nrule_files: [%q]\nscrape_configs:\n  - job_name: trueup\n    static_configs: [{targets: [%q]}]\n", alerts, target)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(binary, "--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address=127.0.0.1:0")
	log, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if _, address, found := strings.Cut(lines.Text(), `msg="Listening on" address=`); found {
			go func() {
				for lines.Scan() { // a full pipe would block the server
				}
			}()
			return prometheus{"http://" + address}
		}
	}
	t.Fatal("prometheus ended before it listened")
	return prometheus{}
}

// query returns the number of samples that an expression has now.
func (p prometheus) query(expression string) (samples int, err error) {
	response, err := http.PostForm(p.url+"/api/v1/query", url.Values{"query": {expression}})
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	var result struct {
		Error string
		Data  struct{ Result []json.RawMessage }
	}
	if err := json.NewDecoder(response.Body).Decode(&result); err != nil {
		return 0, err
	}
	if response.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("%s: %s", response.Status, result.Error)
	}
	return len(result.Data.Result), nil
}

func (p prometheus) checkSyntax(t *testing.T, expression string) {
	t.Helper()
	if _, err := p.query(expression); err != nil {
		t.Errorf("%s: %v", expression, err)
	}
}

// wait polls until an expression has a sample. After a minute it fails the test.
func (p prometheus) wait(t *testing.T, expression string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(100 * time.Millisecond) {
		samples, err := p.query(expression)
		if samples > 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s has no sample: %v", expression, err)
		}
	}
}

// alertExpressions returns the expressions of the alerts by name.
func alertExpressions(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(alertsFile)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	expressions := make(map[string]string)
	for _, g := range file.Groups {
		for _, r := range g.Rules {
			expressions[r.Alert] = r.Expr
		}
	}
	return expressions
}

// dashboardExpressions returns the expressions of the dashboard's panels.
func dashboardExpressions(t *testing.T) (expressions []string) {
	t.Helper()
	text, err := os.ReadFile(dashboardFile)
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct{ Targets []struct{ Expr string } }
	}
	if err := json.Unmarshal(text, &dashboard); err != nil {
		t.Fatal(err)
	}
	for _, p := range dashboard.Panels {
		for _, target := range p.Targets {
			expressions = append(expressions, target.Expr)
		}
	}
	return expressions
}
