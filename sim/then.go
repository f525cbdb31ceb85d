package sim

import "context"

// DoThen is Do for who must know the moment: then is called on the session's goroutine as
// soon as the command was applied without an error, while News is still that of before
// and nothing of the change has been told or shown. It must not block.
func (s *Session) DoThen(ctx context.Context, c Command, then func()) error {
	return s.ask(ctx, true, func() error {
		err := c.apply(s)
		if err == nil {
			then()
		}
		return err
	})
}
