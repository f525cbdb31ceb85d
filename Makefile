# Commands of the project. `make test` is the whole check; see CONTRIBUTING.md.

GO          ?= go
STATICCHECK  = honnef.co/go/tools/cmd/staticcheck@v0.7.0
PAGE_TESTS   = $(wildcard static/test/*.test.js)

export GOFLAGS := -buildvcs=false
export PATH    := $(CURDIR)/static/test/node_modules/.bin:$(PATH)

.PHONY: run check test test-long test-arm64 tools format vet staticcheck page unit race browser bench quality screenshots generate vendor load

run: ## serve the page on this machine
	$(GO) run ./cmd/ebmviz

check: format vet page ## for daily work: what has changed and what depends on it, without the slow tests
	$(GO) test -short ./...

# Each part is independent of the others, so two run side by side, the longest first. The browser's goes
# before the others where the cores are short: its pages draw many times a second. What a part prints comes
# when it ends, and at the end of all a table of the times.
PARTS = browser unit race staticcheck page vet format

test: tools ## every check
	@times=$$(mktemp); $(MAKE) --no-print-directory -k -j2 $(if $(filter output-sync,$(.FEATURES)),-Otarget) $(PARTS:%=part-%) TIMES=$$times; \
	status=$$?; cat $$times; rm $$times; exit $$status

part-%:
	@start=$$(date +%s); $(if $(filter-out browser,$*),nice -n 5) $(MAKE) --no-print-directory $* && result=ok || result=FAILED; \
	printf '%-12s %-6s %4d s\n' $* $$result $$(($$(date +%s) - start)) >>$(TIMES); test $$result = ok

test-long: test quality ## and those that take longer: more viewers, more seeds, fuzzing
	EBMVIZ_LONG=1 $(GO) test -count=1 -timeout 60m ./...
	EBMVIZ_LONG=1 $(BROWSER) -count=1 -timeout 40m
	for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime 60s $$package || exit 1; \
		done; \
	done

# A network that is right in each kernel and at the reference numbers, and a session that
# repeats to the bit, is enough: all tests would take hours in the emulator.
ARM64 = GOARCH=arm64 CGO_ENABLED=0 $(GO) test -exec qemu-aarch64

test-arm64: ## the kernels for arm64 and what uses them, emulated
	.ci/tools arm64
	GOARCH=arm64 $(GO) vet ./ebm/net/...
	$(ARM64) ./ebm/net/...
	$(ARM64) -run '^TestRef' ./ebm/...
	$(ARM64) -run 'TestFrame|TestGridIsInOrder|TestSameCommandsSameFrames' ./sim/...

tools: ## install what the tests need: browsers, node, numpy and the npm packages of the lock file
	.ci/tools

format:
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "gofmt would change:"; echo "$$unformatted"; exit 1; }

vet:
	$(GO) vet ./...
	$(GO) -C bench vet ./...

staticcheck:
	$(GO) run $(STATICCHECK) ./...

page: ## the types of the page's modules, and its unit tests
	tsc -p static/jsconfig.json
	node --test --test-reporter=spec $(PAGE_TESTS)

unit: ## the Go tests without the race detector; those of the browser skip themselves
	EBMVIZ_PYTHON=1 $(GO) test ./...

# Goroutines meet in the packages below sim, in the server and in the parallel loops of a network; sim
# itself has none. Of the promises that every method is held to, the detector watches those with many
# goroutines. -short leaves out slow tests on one goroutine, where it finds nothing at ten times the time.
CONCURRENT = $(filter-out ebmviz/sim,$(shell $(GO) list ./sim/... ./web/... ./ebm/net))

race: ## the Go tests under the race detector, where goroutines meet
	$(GO) test -race -short $(CONCURRENT)
	$(GO) test -race -run 'TestMethods/./(concurrent|seed)$$' ./ebm/conformance

# Four pages side by side: most of the time a test waits for its page. Without EBMVIZ_BROWSER the
# tests are skipped; with it a missing Chromium or Firefox fails them.
BROWSER = EBMVIZ_BROWSER=1 $(GO) test -parallel 4 ./web/browsertest

browser: ## the page in Chromium and Firefox
	$(BROWSER) -timeout 18m

bench: ## measure ours beside other libraries into BENCHMARKS.md, and how fast the page draws
	bench/peers/install
	$(GO) -C bench vet ./...
	$(GO) -C bench test ./...
	$(GO) -C bench run .
	$(BROWSER) -count=1 -run 'TestMeasurePage$$' -v -measure

load: ## measure how many viewers the server carries, into BENCHMARKS.md
	$(GO) -C bench run ./load

quality: ## train every method with its defaults, and write what it reaches into QUALITY.md
	$(GO) test -count=1 -run 'TestQuality$$' -timeout 60m -v ./cmd/ebmviz -quality $(CURDIR)/QUALITY.md

screenshots: ## pictures of the page into shots/
	$(BROWSER) -count=1 -run 'TestScreenshots$$' -v -shots $(CURDIR)/shots

generate: ## write the assembly kernels again from their generator
	$(GO) generate ./ebm/net/...

vendor: ## fetch the page's libraries again and check their checksums
	static/vendor/update
