package table

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	utf "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// prefixLen is how much of a file its format and encoding are guessed from.
const prefixLen = 1 << 20

var errTooManyBytes = errors.New("too many bytes")

// limited reads at most left bytes, and fails where there are more.
type limited struct {
	r    io.Reader
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left < 0 {
		return 0, errTooManyBytes
	}
	if int64(len(p)) > l.left+1 {
		p = p[:l.left+1]
	}
	n, err := l.r.Read(p)
	l.left -= int64(n)
	if l.left < 0 {
		return n - 1, errTooManyBytes
	}
	return n, err
}

// decode finds the encoding of a text by its mark or its bytes, and returns its name and the
// text in UTF-8.
func decode(in *bufio.Reader, prefix []byte) (name string, out *bufio.Reader) {
	var e encoding.Encoding
	switch {
	case bytes.HasPrefix(prefix, []byte("\xef\xbb\xbf")):
		_, _ = in.Discard(3)
		return "UTF-8", in
	case bytes.HasPrefix(prefix, []byte("\xff\xfe")), zeros(prefix, 1):
		name, e = "UTF-16", utf.UTF16(utf.LittleEndian, utf.UseBOM)
	case bytes.HasPrefix(prefix, []byte("\xfe\xff")), zeros(prefix, 0):
		name, e = "UTF-16", utf.UTF16(utf.BigEndian, utf.UseBOM)
	case !validPrefix(prefix):
		// Windows-1252 is Latin-1 with letters and quotes where Latin-1 has control characters.
		name, e = "Latin-1", charmap.Windows1252
	default:
		return "UTF-8", in
	}
	return name, bufio.NewReaderSize(transform.NewReader(in, e.NewDecoder()), min(maxLine+len("\r\n"), 4*in.Size()))
}

// zeros reports whether most bytes at even or odd places, but few of the others, are zero, as in UTF-16.
func zeros(prefix []byte, odd int) bool {
	prefix = prefix[:min(len(prefix), 1000)]
	var count [2]int
	for i, b := range prefix {
		if b == 0 {
			count[i%2]++
		}
	}
	return len(prefix) >= 4 && count[odd]*3 > len(prefix) && count[1-odd]*20 < len(prefix)
}

// validPrefix reports whether a text is UTF-8; its last character may be cut.
func validPrefix(text []byte) bool {
	for n := 0; n < utf8.UTFMax && n <= len(text); n++ {
		if utf8.Valid(text[:len(text)-n]) {
			return n == 0 || !utf8.FullRune(text[len(text)-n:])
		}
	}
	return false
}

// line is a line of a text, from 1.
type line struct {
	n    int
	text string
}

// lines reads a text by lines, which end with LF, CRLF or, where there is no LF, CR.
type lines struct {
	in    *bufio.Reader
	end   byte
	n     int
	ahead []line // looked at already
}

func newLines(in *bufio.Reader, prefix []byte) *lines {
	l := &lines{in: in, end: '\n'}
	if bytes.IndexByte(prefix, '\n') < 0 && bytes.IndexByte(prefix, '\r') >= 0 {
		l.end = '\r'
	}
	return l
}

// next returns the next line without its end, or io.EOF.
func (l *lines) next() (line, error) {
	if len(l.ahead) > 0 {
		first := l.ahead[0]
		l.ahead = l.ahead[1:]
		return first, nil
	}
	return l.read()
}

func (l *lines) read() (line, error) {
	text, err := l.in.ReadSlice(l.end)
	l.n++
	switch {
	case err == bufio.ErrBufferFull || len(text) > maxLine:
		return line{}, tooLarge("line %d is longer than %s, the most that a line may have", l.n, size(maxLine))
	case err == io.EOF && len(text) == 0:
		return line{}, io.EOF
	case err != nil && err != io.EOF:
		return line{}, err
	}
	if n := len(text); n > 0 && text[n-1] == l.end {
		text = text[:n-1]
	}
	if n := len(text); n > 0 && text[n-1] == '\r' {
		text = text[:n-1]
	}
	if bytes.IndexByte(text, 0) >= 0 {
		return line{}, errorf("line %d has a NUL byte: this is no text, and none of the other formats that can be read", l.n)
	}
	return line{l.n, string(text)}, nil
}

// peek reads lines ahead, at most n of them and about size bytes, which next returns later.
func (l *lines) peek(n, size int) error {
	for _, x := range l.ahead {
		size -= len(x.text)
	}
	for len(l.ahead) < n && size > 0 {
		x, err := l.read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		l.ahead = append(l.ahead, x)
		size -= len(x.text)
	}
	return nil
}

// clean makes a text from a file fit to be shown: valid, without control characters, at most maxName characters.
func clean(text string) string {
	if !utf8.ValidString(text) {
		text, _ = charmap.Windows1252.NewDecoder().String(text)
	}
	n := 0
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			r = ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '\u2028', r == '\u2029':
			return -1
		}
		if n++; n > 4*maxName {
			return -1
		}
		return r
	}, text)
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) <= maxName {
		return text
	}
	return string([]rune(text)[:maxName-1]) + "…"
}
