# The verbs of the project. `make test` is the whole check; see CONTRIBUTING.md.

GO          ?= go
STATICCHECK  = honnef.co/go/tools/cmd/staticcheck@v0.7.0
PAGE_TESTS   = $(wildcard static/test/*.test.js)

export GOFLAGS := -buildvcs=false
export PATH    := $(CURDIR)/static/test/node_modules/.bin:$(PATH)

.PHONY: run test test-long test-arm64 tools format vet page go browser bench quality screenshots generate vendor

run: ## serve the page on this machine
	$(GO) run ./cmd/ebmviz

test: tools format vet page go ## all checks, in 15 to 18 minutes on two cores

test-long: test quality ## and those that take longer: more viewers, more seeds, fuzzing
	EBMVIZ_LONG=1 $(GO) test -count=1 -timeout 60m ./...
	EBMVIZ_LONG=1 EBMVIZ_BROWSER=1 $(GO) test -count=1 -timeout 40m $(BROWSER)
	for target in ebm/data:FuzzReadCSV sim:FuzzDecode sim:FuzzRestore web:FuzzCommand web:FuzzCurve \
		ebm/net/internal/kernel:FuzzActivate ebm/net/internal/kernel:FuzzProducts \
		ebm/net/internal/kernel:FuzzPrototypes ebm/net/internal/kernel:FuzzCodes ebm/net/internal/kernel:FuzzExpSums; do \
		$(GO) test -run '^$$' -fuzz "$${target#*:}\$$" -fuzztime 60s ./$${target%:*} || exit 1; \
	done

# A network that is right in each kernel and at the reference numbers, and a session that
# repeats to the bit, is enough: all tests would take hours in the emulator.
ARM64 = GOARCH=arm64 CGO_ENABLED=0 $(GO) test -exec qemu-aarch64

test-arm64: ## the kernels for arm64 and what stands on them, emulated
	.ci/tools arm64
	GOARCH=arm64 $(GO) vet ./ebm/net/...
	$(ARM64) ./ebm/net/...
	$(ARM64) -run '^TestRef' ./ebm/...
	$(ARM64) -run 'TestFrame|TestGridIsInOrder|TestSameCommandsSameFrames' ./sim

tools: ## install what the tests need: browsers, node, numpy and the npm packages of the lock file
	.ci/tools

format:
	@unformatted=$$(gofmt -l .); test -z "$$unformatted" || { echo "gofmt would change:"; echo "$$unformatted"; exit 1; }

vet:
	$(GO) vet ./...
	$(GO) -C bench vet ./...
	$(GO) run $(STATICCHECK) ./...

page:
	tsc -p static/jsconfig.json
	node --test $(PAGE_TESTS)

# Mathematics on one goroutine gains nothing from the race detector, and would take ten times
# as long; so do the tests that train every method and every exhibit: they skip themselves there.
# Of the promises that every method is held to, the detector watches those with many goroutines.
ALONE = ebmviz/ebm/conformance ebmviz/ebm/data ebmviz/ebm/measure ebmviz/ebm/sampler
WITHOUT_RACE = ^(TestMuseum|TestLessons|TestScripts|TestSeek|TestLedgerIsTheDifference|TestForkGoesTheSameWay|TestNothingIsAllocated)$$

# The browser tests want the machine to themselves: what they wait for is a page that draws. The
# race detector sees the same server in the tests of web and sim. Without EBMVIZ_BROWSER they are
# skipped; with it a missing Chromium fails them.
BROWSER = ebmviz/web/browsertest

go:
	$(GO) test -race -timeout 15m $(filter-out $(ALONE) $(BROWSER),$(shell $(GO) list ./...))
	$(GO) test -race -run 'TestMethods/./(concurrent|seed)$$' ./ebm/conformance
	$(GO) test $(ALONE)
	EBMVIZ_BROWSER=1 $(GO) test -timeout 15m $(BROWSER)
	EBMVIZ_PYTHON=1 $(GO) test -run '$(WITHOUT_RACE)' ./cmd/ebmviz ./sim

bench: ## measure ours beside other libraries into BENCHMARKS.md, and how live the page is
	bench/peers/install
	$(GO) -C bench vet ./...
	$(GO) -C bench test ./...
	$(GO) -C bench run .
	EBMVIZ_BROWSER=1 $(GO) test -count=1 -run 'TestFigures$$' -v ./web/browsertest -figures

quality: ## train every method with its defaults, and write what it reaches into QUALITY.md
	$(GO) test -count=1 -run 'TestQuality$$' -timeout 60m -v ./cmd/ebmviz -quality $(CURDIR)/QUALITY.md

screenshots: ## pictures of the page into shots/
	EBMVIZ_BROWSER=1 $(GO) test -count=1 -run 'TestScreenshots$$' -v ./web/browsertest -shots $(CURDIR)/shots

generate: ## write the assembly kernels again from their generator
	$(GO) generate ./ebm/net/...

vendor: ## fetch the page's libraries again and check their checksums
	static/vendor/update
