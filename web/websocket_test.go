package web

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// TestNothingAfterClose answers the close message of a client while it has more to send.
func TestNothingAfterClose(t *testing.T) {
	lines := make(chan *websocketLine, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		lines <- newWebsocketLine(conn, defaultTiming)
	}))
	defer server.Close()
	client, _, err := websocket.DefaultDialer.Dial("ws"+server.URL[4:], nil)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	l := <-lines
	defer l.cut()
	if err := l.send(binaryMessage, []byte("before")); err != nil {
		t.Fatal(err)
	}
	client.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(closeNormal, ""), time.Time{})
	if _, _, err := l.conn.NextReader(); err == nil {
		t.Fatal("the close message is not read")
	}
	if err := l.send(binaryMessage, []byte("after")); err == nil {
		t.Error("a message is sent after the close message")
	}
}
