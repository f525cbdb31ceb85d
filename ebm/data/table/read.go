package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

func size(n int64) string {
	if n%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}

// read finds the format, and reads the table by it.
func read(r io.Reader, o Options) (t *Table, err error) {
	if o.Bytes > 0 {
		r = &limited{r, o.Bytes}
		defer func() {
			if errors.Is(err, errTooManyBytes) {
				t, err = nil, tooLarge("a table may have at most %s", size(o.Bytes))
			}
		}()
	}
	in := bufio.NewReaderSize(r, maxLine+2)
	prefix, err := in.Peek(prefixLen)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(bytes.TrimSpace(prefix)) == 0 {
		return nil, errorf("the file is empty")
	}
	encoding, text := decode(in, prefix)
	prefix, err = text.Peek(prefixLen / 2)
	if err != nil && err != io.EOF {
		return nil, err
	}
	d, a, err := newDelimited(newLines(text, prefix), o)
	if err != nil {
		return nil, err
	}
	a.encoding = encoding
	return build(d, a, o)
}
