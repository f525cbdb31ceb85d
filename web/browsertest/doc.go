// Package browsertest holds the tests that open the page in a real browser: headless
// Chromium, driven over its debugging protocol. They see what a user sees (pixels, text,
// the console) and do what a user does (click, drag, press keys, reload, lose the network).
//
// They run when EBMVIZ_BROWSER is set, as `make test` sets it, and then fail where no
// Chromium is found; a plain `go test ./...` skips them.
package browsertest
