package web

import (
	"net/netip"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// Limits of wrong join codes. A code is one of 2^30: in two hours, 1000 addresses together find a given class
// with a probability of one in a thousand.
const (
	wrongBurst     = 30  // from one address
	wrongRate      = 1.  // a second from one address, after those
	wrongBurstAll  = 300 // from all
	wrongRateAll   = 10. // a second from all, after those
	wrongFree      = 20  // from one address while those from all are too many
	wrongFreeRate  = .1  // a second from one address while those from all are too many, after those
	wrongAddresses = 65536
)

// wrongCodes limits how many wrong join codes are tried. A whole class often shares one address, so right
// codes do not count. An address with too many wrong ones has none of its codes looked at, right or wrong,
// until some time has passed: otherwise a right guess would be found however many are made. When all
// addresses together send too many, each is still looked at as long as few of its own are wrong.
type wrongCodes struct {
	mu        sync.Mutex
	byAddress *simplelru.LRU[netip.Prefix, wrongLimits]
	all       *rate.Limiter
}

// wrongLimits are those of one address.
type wrongLimits struct{ own, free *rate.Limiter }

func newWrongCodes() *wrongCodes {
	l, _ := simplelru.NewLRU[netip.Prefix, wrongLimits](wrongAddresses, nil) // no error: the size is positive
	return &wrongCodes{byAddress: l, all: rate.NewLimiter(wrongRateAll, wrongBurstAll)}
}

// try looks a code up, unless the address has to wait.
func (l *wrongCodes) try(from netip.Addr, now time.Time, find func() *entry) (*entry, error) {
	bits := 64 // one customer of IPv6 has at least 2^64 addresses
	if from.Is4() {
		bits = 32
	}
	network, _ := from.Prefix(bits) // the zero prefix stands for all addresses that are not known
	l.mu.Lock()
	defer l.mu.Unlock()
	limits, known := l.byAddress.Get(network)
	tooMany := l.all.TokensAt(now) < 1
	if known && (limits.own.TokensAt(now) < 1 || tooMany && limits.free.TokensAt(now) < 1) {
		return nil, errGuesses
	}
	if e := find(); e != nil {
		return e, nil
	}
	if !known {
		limits = wrongLimits{rate.NewLimiter(wrongRate, wrongBurst), rate.NewLimiter(wrongFreeRate, wrongFree)}
		l.byAddress.Add(network, limits)
	}
	limits.own.AllowN(now, 1)
	l.all.AllowN(now, 1)
	if tooMany {
		limits.free.AllowN(now, 1)
	}
	return nil, errCode
}

// withCode returns the room whose class has the code, or nil.
func (rs *rooms) withCode(code string) *entry {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	var found *entry
	for _, e := range rs.byID {
		if e.hasClass() && sameToken(e.class.Load().Code(), code) {
			found = e
		}
	}
	return found
}
