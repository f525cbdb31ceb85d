package web

import (
	"cmp"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
)

// localAddresses are the addresses of this machine. They change when it joins another network, so
// they are looked up anew after a while.
type localAddresses struct {
	mu   sync.Mutex
	at   time.Time
	list []netip.Addr
}

// lookedUp is how long addresses are taken to be as they were.
const lookedUp = 5 * time.Second

// all returns the addresses other than loopback, the likeliest first.
func (l *localAddresses) all() []netip.Addr {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.list == nil || time.Since(l.at) > lookedUp {
		l.list, l.at = machineAddresses(), time.Now()
	}
	return l.list
}

// has reports whether an address is one of this machine.
func (l *localAddresses) has(a netip.Addr) bool { return slices.Contains(l.all(), a) }

// machineAddresses returns the addresses by which other computers may reach this one, the likeliest
// first: that of the network that leads outside, then those of other networks, then those of bridges to
// virtual machines and containers. Addresses that a browser cannot name, those of one link, are left out.
func machineAddresses() []netip.Addr {
	interfaces, err := net.Interfaces()
	if err != nil {
		return nil
	}
	outside := outsideAddress()
	rank := map[netip.Addr]int{}
	var all []netip.Addr
	for _, i := range interfaces {
		addrs, err := i.Addrs()
		if err != nil || i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 {
			continue
		}
		for _, addr := range addrs {
			prefix, err := netip.ParsePrefix(addr.String())
			if err != nil {
				continue
			}
			a := prefix.Addr().Unmap()
			if a.IsLinkLocalUnicast() || a.IsLoopback() {
				continue
			}
			all = append(all, a)
			rank[a] = rankOf(i.Name, a, outside)
		}
	}
	slices.SortStableFunc(all, func(a, b netip.Addr) int { return cmp.Compare(rank[a], rank[b]) })
	return all
}

// rankOf orders addresses: the smaller, the likelier others reach it.
func rankOf(name string, a, outside netip.Addr) int {
	rank := 0
	if a != outside {
		rank++
	}
	for _, virtual := range []string{"docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "lxc", "lxd", "cni", "podman", "tun", "utun", "wg", "tailscale", "zt"} {
		if strings.HasPrefix(strings.ToLower(name), virtual) {
			rank += 2
			break
		}
	}
	if a.Is6() {
		rank += 4
	}
	return rank
}

// outsideAddress returns the address from which packets to other networks leave. It sends none: an
// unconnected datagram socket only looks up the route.
func outsideAddress() netip.Addr {
	c, err := net.Dial("udp4", "192.0.2.1:9") // an address for documentation
	if err != nil {
		return netip.Addr{}
	}
	defer c.Close()
	return c.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()
}
