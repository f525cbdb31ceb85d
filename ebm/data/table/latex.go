package table

import (
	"io"
	"regexp"
	"strings"
)

// arffRows reads the data of an ARFF file, the format of Weka.
type arffRows struct {
	lines  *lines
	quoted quotes
	cells  []string
	sep    string
}

var attribute = regexp.MustCompile(`(?i)^@attribute\s+('[^']*'|"[^"]*"|\S+)\s+(.*)$`)

// newARFF reads the declarations of an ARFF file.
func newARFF(l *lines) (source, *about, error) {
	a := &about{format: "arff", decimal: ".", names: []string{}}
	for {
		x, err := l.next()
		if err == io.EOF {
			return nil, nil, errorf("the ARFF file has no @data")
		}
		if err != nil {
			return nil, nil, err
		}
		text := strings.TrimSpace(x.text)
		if strings.EqualFold(text, "@data") {
			r := &arffRows{lines: l, sep: ","}
			r.quoted.lines = l
			return r, a, nil
		}
		if m := attribute.FindStringSubmatch(text); m != nil {
			if strings.HasPrefix(m[2], "{") {
				a.labels = append(a.labels, len(a.names))
			}
			if a.names = append(a.names, unquoted(m[1])); len(a.names) > maxColumns {
				return nil, nil, tooWide(x.n, len(a.names))
			}
		}
	}
}

func (r *arffRows) next() (row, error) {
	for {
		x, err := r.lines.next()
		if err != nil {
			return row{}, err
		}
		text := strings.TrimSpace(x.text)
		if text == "" || text[0] == '%' {
			continue
		}
		if text[0] == '{' {
			return row{}, errorf("line %d: sparse ARFF cannot be read; save the table as CSV", x.n)
		}
		if !strings.Contains(text, ",") && strings.Contains(text, "\t") {
			text = strings.ReplaceAll(text, "\t", ",")
		}
		x.text = text
		if n := strings.Count(text, ",") + 1; n > maxColumns {
			return row{}, tooWide(x.n, n)
		}
		if strings.Contains(text, `"`) {
			r.cells = r.quoted.read(x, ",")
		} else {
			r.cells = split(r.cells[:0], text, ",")
		}
		if r.quoted.err != nil {
			return row{}, r.quoted.err
		}
		return row{x.n, r.cells}, nil
	}
}

// latexRows reads the rows of a LaTeX table: cells between &, rows to \\.
type latexRows struct {
	lines *lines
	text  string // not yet read
	line  int
	done  bool
	cells []string
}

// maxLatexRow is how long a row of a LaTeX table may be that goes over several lines, in bytes.
const maxLatexRow = 4096

var (
	latexComment = regexp.MustCompile(`(^|[^\\])%.*`)
	latexRules   = regexp.MustCompile(`\\(hline|toprule|midrule|bottomrule|endhead|centering|(cline|cmidrule)(\([^)]*\))?\{[^}]*\}|(begin|end)\{[^}]*\}(\[[^\]]*\])?(\{([^{}]|\{[^{}]*\})*\})*)`)
	latexMacro   = regexp.MustCompile(`\\([a-zA-Z]+)\s*`)
	latexSigns   = strings.NewReplacer(`\%`, "%", `\$`, "$", `\_`, "_", `\&`, "&", `\#`, "#", `\,`, " ", `\ `, " ", `~`, " ", `$`, "", `{`, "", `}`, "", `\pounds`, "£", `\euro`, "€")
)

func newLaTeX(l *lines) (source, *about, error) {
	return &latexRows{lines: l}, &about{format: "latex", header: fromWords}, nil
}

func (r *latexRows) next() (row, error) {
	for {
		if text, rest, ok := strings.Cut(r.text, `\\`); ok || r.done && text != "" {
			r.text = rest
			if strings.Contains(text, `\`) {
				text = latexRules.ReplaceAllString(text, "")
			}
			if !strings.Contains(text, "&") {
				continue
			}
			if n := strings.Count(text, "&") + 1; n > maxColumns {
				return row{}, tooWide(r.line, n)
			}
			signs := strings.ContainsAny(text, `\~${}`)
			r.cells = split(r.cells[:0], text, "&")
			for i := range r.cells {
				if signs {
					r.cells[i] = strings.TrimSpace(latexMacro.ReplaceAllString(latexSigns.Replace(r.cells[i]), ""))
				}
			}
			return row{r.line, r.cells}, nil
		}
		if r.done {
			return row{}, io.EOF
		}
		x, err := r.lines.next()
		if err == io.EOF {
			r.done = true
			continue
		}
		if err != nil {
			return row{}, err
		}
		if strings.Contains(x.text, "%") {
			x.text = latexComment.ReplaceAllString(x.text, "$1")
		}
		if r.line = x.n; len(r.text) > maxLatexRow && x.text != "" {
			return row{}, tooLarge("the row of the LaTeX table before line %d is longer than %s", x.n, size(maxLatexRow))
		}
		r.text = strings.TrimSpace(r.text + " " + x.text)
	}
}
