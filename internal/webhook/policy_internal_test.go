package webhook

import (
	"net/netip"
	"strings"
	"testing"
)

func TestPolicyAllowsOnlyPublicAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"8.8.8.8": "", "100.63.255.255": "", "100.128.0.1": "", "172.32.0.1": "", "192.0.1.1": "", "223.255.255.255": "",
		"2606:4700:4700::1111": "", "2001:4860:4860::8888": "", "::ffff:8.8.8.8": "", "64:ff9b::8.8.8.8": "",
		"0.0.0.0": "unspecified", "0.1.2.3": "unspecified", "::": "unspecified",
		"127.0.0.1": "loopback", "127.255.0.1": "loopback", "::1": "loopback", "::ffff:127.0.0.1": "loopback", "64:ff9b::127.0.0.1": "loopback",
		"168.63.129.16": "reserved", "168.63.129.17": "", "10.0.0.1": "private", "172.16.0.1": "private", "172.31.255.255": "private", "192.168.1.1": "private", "::ffff:10.0.0.1": "private",
		"fc00::1": "private", "fd00:ec2::254": "private", "64:ff9b::a00:1": "private",
		"100.64.0.1": "shared", "100.127.255.255": "shared",
		"169.254.169.254": "link-local", "fe80::1": "link-local", "fe80::1%eth0": "link-local", "::ffff:169.254.169.254": "link-local",
		"224.0.0.1": "multicast", "239.255.255.255": "multicast", "ff02::1": "multicast",
		"255.255.255.255": "reserved", "240.0.0.1": "reserved", "192.0.2.1": "reserved", "198.51.100.1": "reserved", "203.0.113.1": "reserved",
		"192.0.0.1": "reserved", "198.18.0.1": "reserved", "192.88.99.1": "reserved",
		"2001:db8::1": "reserved", "2002:7f00:1::": "reserved", "2001::1": "reserved", "3fff::1": "reserved",
		"::127.0.0.1": "reserved", "64:ff9b:1::1": "reserved", "100::1": "reserved", "fec0::1": "reserved", "4000::1": "reserved",
	} {
		err := policy(nil).check(netip.MustParseAddr(address))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), "("+want)) {
			t.Errorf("%s: error %v, want %q", address, err, want)
		}
	}
}

func TestPolicyAllowsTheNetworksOfTheOperator(t *testing.T) {
	allowed := policy(prefixes("10.1.0.0/16", "127.0.0.1/32", "fd00::/8", "fe80::/64"))
	for address, want := range map[string]bool{
		"10.1.2.3": true, "::ffff:10.1.2.3": true, "127.0.0.1": true, "fd12::1": true, "fe80::1%eth0": true, "8.8.8.8": true,
		"10.2.0.1": false, "127.0.0.2": false, "fc00::1": false, "::1": false, "169.254.169.254": false,
	} {
		if err := allowed.check(netip.MustParseAddr(address)); (err == nil) != want {
			t.Errorf("%s: error %v, want allowed %t", address, err, want)
		}
	}
}

func TestTheLongestAddressErrorIsStoredWithItsRemedy(t *testing.T) {
	const address = "fd00:1111:2222:3333:4444:5555:6666:7777"
	err := policy(nil).check(netip.MustParseAddr(address))
	if message := clean(failureOf(err)); !strings.HasSuffix(message, "--webhook-allow "+address) {
		t.Errorf("the message is %q", message)
	}
}
