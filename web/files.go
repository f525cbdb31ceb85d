package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"ebmviz/sim"
	"ebmviz/sim/export"
)

// getFile answers with a file of the room, in one of the formats of the package export.
func (s *Server) getFile(w http.ResponseWriter, r *http.Request, room *room) {
	name := r.PathValue("name")
	format, ok := export.Lookup(name)
	if !ok {
		var names []string
		for _, f := range export.Formats {
			names = append(names, f.Name)
		}
		refuse(w, http.StatusNotFound, "not-found", "the files of a room are "+strings.Join(names, ", "))
		return
	}
	s.exporting.Lock()
	defer s.exporting.Unlock()
	c, h, grid, err := room.session.Source(r.Context())
	if err != nil {
		fail(w, err)
		return
	}
	var body bytes.Buffer
	if err := format.Write(&body, export.Source{Checkpoint: c, History: h, Grid: grid}, sim.Parallel()); err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", format.ContentType)
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="ebmviz-%s-%s-%d-%s"`, c.Model, c.Data.Name, c.Step, name))
	w.Header().Set("Cache-Control", "no-store")
	w.Write(body.Bytes())
}
