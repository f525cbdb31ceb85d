package web

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"ebmviz/sim"
	"ebmviz/sim/content"
	"ebmviz/static"
)

// lessons are the lessons as the page gets them.
type lessons struct {
	list  *static.Asset            // all, without what the page does not need
	whole map[string]*static.Asset // the file of each, by its id
}

// newLessons prepares the project's lessons and those that were added.
func newLessons(added []content.Lesson) (*lessons, error) {
	out := &lessons{whole: map[string]*static.Asset{}}
	var shown []content.Lesson
	add := func(l content.Lesson) error {
		if out.whole[l.ID] != nil {
			return fmt.Errorf("there are two lessons with the id %s; rename the file of one", l.ID)
		}
		shown = append(shown, l.Shown())
		l.ID, l.Added = "", false
		file, err := json.MarshalIndent(l, "", "  ")
		out.whole[shown[len(shown)-1].ID] = static.NewAsset("application/json", file)
		return err
	}
	for _, l := range content.Lessons() {
		if err := add(l); err != nil {
			return nil, err
		}
	}
	for _, l := range added {
		l.Added = true
		if err := add(l); err != nil {
			return nil, err
		}
	}
	list, err := json.Marshal(shown)
	out.list = static.NewAsset("application/json", list)
	return out, err
}

// getLesson answers with the file of a lesson.
func (s *Server) getLesson(w http.ResponseWriter, r *http.Request) {
	if file := s.lessons.whole[r.PathValue("id")]; file != nil {
		file.ServeHTTP(w, r)
		return
	}
	refuse(w, http.StatusNotFound, "not-found", "there is no such lesson")
}

const badLesson sim.Code = "bad-lesson"

// postLesson reads the file of a lesson and answers with the lesson. Nothing of it is stored. The error
// names the step and what is wrong in it.
func (s *Server) postLesson(w http.ResponseWriter, r *http.Request) {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, content.MaxLesson))
	if err != nil {
		fail(w, err)
		return
	}
	l, err := content.ParseLesson(text)
	if err != nil {
		refuse(w, http.StatusBadRequest, badLesson, err.Error())
		return
	}
	file, err := json.Marshal(l)
	if err != nil {
		refuse(w, http.StatusBadRequest, badLesson, err.Error())
		return
	}
	answer(w, file)
}
