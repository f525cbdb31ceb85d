package main

import (
	"context"
	"fmt"
	"net"
	"os"

	_ "ebmviz/ebm/architectural"
	_ "ebmviz/ebm/contrastive"
	"ebmviz/web"
)

func main() {
	l, err := net.Listen("tcp", os.Args[1])
	if err != nil {
		panic(err)
	}
	o := web.Options{Static: os.DirFS("/work/main/static")}
	s, err := web.New(o)
	if err != nil {
		panic(err)
	}
	fmt.Println("http://" + l.Addr().String() + "/")
	fmt.Println(s.Serve(context.Background(), l))
}
