package web

import (
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// TestQR: the code of a link has its finder patterns at the edge of the quiet zone; a text that is
// too long is an error.
func TestQR(t *testing.T) {
	h := serve(t, nil)
	get := func(text string) (int, string) { return h.do("GET", "/api/qr?text="+url.QueryEscape(text), "") }
	status, svg := get("http://127.0.0.1:8080/#v=1&model=cd&k.kick=0.5")
	if status != 200 || !strings.HasPrefix(svg, "<svg ") || strings.Contains(svg, "kick") {
		t.Fatalf("%d %.80s", status, svg)
	}
	// Each finder pattern is a ring of 7 by 7 modules, 4 from the edge: so is its first row.
	for x := 4; x < 11; x++ {
		if !strings.Contains(svg, "M"+strconv.Itoa(x)+" 4h1") {
			t.Errorf("no module at %d, 4", x)
		}
	}
	for _, bad := range []string{"", strings.Repeat("x", maxQRText+1)} {
		if status, text := get(bad); status != 413 || !strings.Contains(text, "from 1 to 1200 characters") {
			t.Errorf("%d characters: %d %s", len(bad), status, text)
		}
	}
	if status, text := get("grüße <script>"); status != 200 || strings.Contains(text, "script") {
		t.Errorf("%d %s", status, text)
	}
}
