module ebmviz/ebm/net/internal/kernel/gen

go 1.25.0

require (
	ebmviz v0.0.0
	github.com/mmcloughlin/avo v0.5.0
)

require (
	golang.org/x/mod v0.6.0 // indirect
	golang.org/x/sys v0.42.0 // indirect
	golang.org/x/tools v0.2.0 // indirect
)

replace ebmviz => ../../../../..
