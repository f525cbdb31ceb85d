package web

import (
	"fmt"
	"net/http"

	"ebmviz/sim/wire"
)

// getFile answers with a file of the room.
func (s *Server) getFile(w http.ResponseWriter, r *http.Request, e *entry) {
	name := r.PathValue("name")
	file, err := e.Ask(r.Context(), wire.Query{File: name})
	if err != nil {
		fail(w, err)
		return
	}
	w.Header().Set("Content-Type", file.ContentType)
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="ebmviz-%s-%s-%d-%s"`, file.Model, file.Data, file.Step, name))
	w.Header().Set("Cache-Control", "no-store")
	w.Write(file.Body)
}
