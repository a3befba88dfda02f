package main_test

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patroniVariable is the environment variable with the folder that .ci/patroni creates.
const patroniVariable = "TRUEUP_TEST_PATRONI"

// cluster is three PostgreSQL servers under Patroni.
type cluster struct {
	t      *testing.T
	folder string
	client http.Client
}

// nodes are the names that .ci/patroni gives to the nodes.
var nodes = []string{"node1", "node2", "node3"}

func newCluster(t *testing.T) *cluster {
	t.Helper()
	folder := os.Getenv(patroniVariable)
	if folder == "" { // CI runs it in a separate step, with a cluster
		t.Skip("run make test-failover, which sets " + patroniVariable)
	}
	return &cluster{t: t, folder: folder, client: http.Client{Timeout: 2 * time.Second}}
}

func (c *cluster) file(name string) string {
	c.t.Helper()
	text, err := os.ReadFile(filepath.Join(c.folder, name))
	if err != nil {
		c.t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

func (c *cluster) url() string { return c.file("url") }

// nodesWithRole returns the nodes whose Patroni reports the role primary, sync or async.
func (c *cluster) nodesWithRole(role string) (found []string) {
	for _, node := range nodes {
		resp, err := c.client.Get("http://127.0.0.1:" + c.file(node+".rest") + "/" + role)
		if err != nil {
			continue // its Patroni was killed
		}
		_ = resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			found = append(found, node)
		}
	}
	return found
}

// healthyTimeout bounds the time in which a node must follow the new primary.
const healthyTimeout = 2 * time.Minute

// waitHealthy waits until there is a primary, a synchronous and an asynchronous standby.
// It returns the primary.
func (c *cluster) waitHealthy() string {
	c.t.Helper()
	for begin := time.Now(); time.Since(begin) < healthyTimeout; <-time.After(100 * time.Millisecond) {
		if primary := c.nodesWithRole("primary"); len(primary) == 1 && len(c.nodesWithRole("sync")) == 1 && len(c.nodesWithRole("async")) == 1 {
			return primary[0]
		}
	}
	c.t.Fatalf("the cluster is not healthy after %v: primary %v, sync %v, async %v",
		healthyTimeout, c.nodesWithRole("primary"), c.nodesWithRole("sync"), c.nodesWithRole("async"))
	return ""
}

// restart restarts the Patroni of a node.
func (c *cluster) restart(node string) {
	c.t.Helper()
	if err := exec.Command(filepath.Join(c.folder, node+".start")).Run(); err != nil {
		c.t.Fatal(err)
	}
}

func (c *cluster) patroni(node string) int { return c.pid(c.file(node + ".pid")) }

func (c *cluster) postmaster(node string) int {
	first, _, _ := strings.Cut(c.file(filepath.Join(node, "postmaster.pid")), "\n")
	return c.pid(first)
}

func (c *cluster) pid(text string) int {
	c.t.Helper()
	pid, err := strconv.Atoi(text)
	if err != nil || pid <= 1 {
		c.t.Fatalf("%q is not a process id, %v", text, err)
	}
	return pid
}

// signal sends a signal to processes.
func (c *cluster) signal(signal syscall.Signal, pids ...int) {
	c.t.Helper()
	for _, pid := range pids {
		if err := syscall.Kill(pid, signal); err != nil {
			c.t.Errorf("%v to %d: %v", signal, pid, err)
		}
	}
}

// freeze stops Patroni, the server and all processes of the server, like a host that
// hangs: connections stay open but don't respond. It returns the stopped processes.
func (c *cluster) freeze(node string) (frozen []int) {
	c.t.Helper()
	pids := []int{c.patroni(node), c.postmaster(node)}
	c.signal(syscall.SIGSTOP, pids...) // so that it starts no more processes
	pids = append(pids, c.children(pids[1])...)
	for _, pid := range pids {
		if syscall.Kill(pid, syscall.SIGSTOP) == nil { // otherwise it has just ended
			frozen = append(frozen, pid)
		}
	}
	return frozen
}

func (c *cluster) children(of int) (pids []int) {
	c.t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		c.t.Fatal(err)
	}
	for _, path := range stats {
		stat, _ := os.ReadFile(path) // it may have ended
		_, rest, _ := bytes.Cut(stat, []byte(") "))
		if fields := strings.Fields(string(rest)); len(fields) > 1 && fields[1] == strconv.Itoa(of) {
			pids = append(pids, c.pid(filepath.Base(filepath.Dir(path))))
		}
	}
	return pids
}
