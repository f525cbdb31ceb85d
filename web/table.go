package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"ebmviz/ebm/data"
	"ebmviz/ebm/data/table"
	"ebmviz/sim"
	"ebmviz/sim/wire"
)

const (
	maxTable  = 64 << 20  // bytes of a table
	maxTables = 2         // how many are read at once; others wait
	tableRate = 256 << 10 // bytes a second at which a table must come at least
)

// tableJSON is what was understood of a table, with its points in the box.
type tableJSON struct {
	*table.Table
	Points  []wire.Point `json:"points"`
	GroupOf wire.Indices `json:"groupOf,omitempty"`
	Axes    data.Axes    `json:"axes"`
	Fit     table.Fit    `json:"fit"`
	Outside int          `json:"outside"` // points outside the box
}

// postTable reads the table of the body as the query says, and answers with what was understood. It
// changes nothing.
func (s *Server) postTable(w http.ResponseWriter, r *http.Request) {
	o, fit, err := tableOptions(r.URL.Query())
	if err == nil && r.ContentLength > maxTable {
		err = sim.Errorf(sim.Limit, "a table may have at most %d MiB; this one has %d", maxTable>>20, (r.ContentLength+1<<20-1)>>20)
	}
	if err != nil {
		fail(w, err)
		return
	}
	release, err := s.tablePlace(r.Context())
	if err != nil {
		fail(w, err)
		return
	}
	defer release()
	in := &tableBody{body: r.Body, timing: http.NewResponseController(w), end: time.Now().Add(s.timing.table)}
	t, err := table.Read(in, o)
	in.timing.SetWriteDeadline(time.Now().Add(s.timing.body))
	if in.late {
		refuse(w, http.StatusRequestTimeout, sim.Limit, fmt.Sprintf("the table came too slowly: it must come with %d KiB a second", tableRate>>10))
		return
	}
	if err != nil {
		failTable(w, err)
		return
	}
	points, axes, used, outside := t.Fit(fit)
	body, err := json.Marshal(tableJSON{t, wire.Points(points), t.GroupOf, axes, used, outside})
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, body)
}

// tableBody is the body of a table. A slow sender would take the place of others: each tableRate bytes
// put off the end by a second.
type tableBody struct {
	body   io.Reader
	timing *http.ResponseController
	end    time.Time
	late   bool
}

func (b *tableBody) Read(p []byte) (int, error) {
	b.timing.SetReadDeadline(b.end)
	n, err := b.body.Read(p)
	b.end = b.end.Add(time.Duration(n) * time.Second / tableRate)
	b.late = b.late || errors.Is(err, os.ErrDeadlineExceeded)
	return n, err
}

var errTables = &sim.Error{Code: "busy", Message: "other tables are being read; try again in a minute"}

// tablePlace waits for one of the places of maxTables.
func (s *Server) tablePlace(ctx context.Context) (release func(), err error) {
	wait := time.NewTimer(s.timing.command)
	defer wait.Stop()
	select {
	case s.tables <- struct{}{}:
		return func() { <-s.tables }, nil
	case <-wait.C:
		return nil, errTables
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// tableOptions reads the query of a table.
func tableOptions(q url.Values) (o table.Options, fit table.Fit, err error) {
	o = table.Options{
		Name: q.Get("name"), Separator: q.Get("separator"), Decimal: q.Get("decimal"), Header: q.Get("header"),
		X: q.Get("x"), Y: q.Get("y"), Label: q.Get("label"), Missing: q["missing"], Clip: q.Get("clip") == "on", Bytes: maxTable,
	}
	for _, text := range q["where"] {
		column, value, ok := strings.Cut(text, "=")
		if !ok {
			return o, fit, sim.Errorf(sim.BadValue, "where is COLUMN=VALUE; got %.64q", text)
		}
		if o.Where == nil {
			o.Where = map[string]string{}
		}
		o.Where[column] = value
	}
	switch fit = table.Fit(q.Get("fit")); fit {
	case "", "none", "same", "each":
		return o, fit, nil
	}
	return o, fit, sim.Errorf(sim.BadValue, "fit can be none, same or each; got %.64q", string(fit))
}

// failTable answers with the error of a table, and with what was understood of it.
func failTable(w http.ResponseWriter, err error) {
	e, isTable := err.(*table.Error)
	if !isTable {
		fail(w, err)
		return
	}
	status, code := http.StatusUnprocessableEntity, sim.BadValue
	if e.TooLarge {
		status, code = http.StatusRequestEntityTooLarge, sim.Limit
	}
	text, err := json.Marshal(struct {
		Error wire.Error   `json:"error"`
		Table *table.Table `json:"table,omitempty"`
	}{wire.Error{Code: code, Message: e.Message}, e.Table})
	if err != nil {
		fail(w, fmt.Errorf("%s", e.Message))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(text)
}
