package sim

import "context"

// Source returns the checkpoint, the history and the side of the grid at one moment between two
// steps: what a file of the run is written from.
func (s *Session) Source(ctx context.Context) (c Checkpoint, h History, grid int, err error) {
	type source struct {
		checkpoint Checkpoint
		history    History
		grid       int
	}
	found, err := get(ctx, s, func() source {
		return source{s.run.Checkpoint(), s.run.History(), s.view.Grid}
	})
	return found.checkpoint, found.history, found.grid, err
}
