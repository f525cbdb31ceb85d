package browsertest

import (
	"fmt"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	cdp "github.com/chromedp/chromedp"
)

// listen collects what the page writes to the console as error or warning, what it throws
// and does not catch, and what the browser logs of it (a violation of the security policy, say).
func (b *tab) listen() {
	err := cdp.Listen(b.ctx, func(ev any) {
		var line string
		switch e := ev.(type) {
		case *runtime.EventConsoleAPICalled:
			if e.Type == "error" || e.Type == "warning" || e.Type == "assert" {
				for _, a := range e.Args {
					line += fmt.Sprintf("%s %s ", a.Value, a.Description)
				}
				line = string(e.Type) + ": " + line
			}
		case *runtime.EventExceptionThrown:
			line = "uncaught: " + e.ExceptionDetails.Text
			if x := e.ExceptionDetails.Exception; x != nil {
				line += " " + x.Description
			}
		case *log.EventEntryAdded:
			if e.Entry.Level == "error" || e.Entry.Level == "warning" {
				line = string(e.Entry.Level) + ": " + e.Entry.Text + " " + e.Entry.URL
			}
		}
		if line != "" {
			b.mu.Lock()
			b.console = append(b.console, line)
			b.mu.Unlock()
		}
	})
	if err != nil {
		b.Fatal(err)
	}
}
