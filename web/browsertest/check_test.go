package browsertest

import (
	"net/http"
	"strings"
	"testing"
)

// TestCheckPage tries the line as /check does, in less than a minute: where everything works, and where a
// network strips the handshakes of websockets.
func TestCheckPage(t *testing.T) {
	t.Parallel()
	direct := serve(t)
	stripped := before(t, serve(t), func(w http.ResponseWriter, r *http.Request) bool {
		if r.Header.Get("Upgrade") != "" {
			http.Error(w, "Bad Request", http.StatusBadRequest)
			return true
		}
		return false
	})
	for name, c := range map[string]struct{ address, kind, says string }{
		"direct":   {direct + "check#seconds=4", "good", "Everything works."},
		"stripped": {stripped + "check#seconds=10", "fair", "Upgrade: websocket"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t, screen{width: 390, height: 844, dark: name == "stripped"}, c.address)
			b.waitFor(`document.querySelector('.verdict')?.dataset.kind`)
			if kind, said := eval[string](b, `document.querySelector('.verdict').dataset.kind`), b.text(".verdict"); kind != c.kind || !strings.Contains(said, c.says) {
				t.Errorf("%s: %s; want %s and %q", kind, said, c.kind, c.says)
			}
			b.checkAccessibility()
			b.checkLayout()
			b.savePicture("check-" + name)
		})
	}
}
