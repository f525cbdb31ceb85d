package table

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind is what a cell holds.
type kind uint8

const (
	word kind = iota
	number
	missing
	infinite
	date
	formula
)

// decimal is the decimal sign of a column, '.' or ','.
type decimal byte

// parse reads a cell.
func (d decimal) parse(cell string) (v float64, unit string, k kind) {
	if d == '.' && plain(cell) {
		if v, err := strconv.ParseFloat(cell, 64); err == nil {
			return v, "", number
		} else if math.IsInf(v, 0) {
			return 0, "", infinite
		}
	}
	cell = unquoted(cell)
	if k := special(cell); k != word {
		return 0, "", k
	}
	n, ok := dissect(cell)
	if !ok {
		if isDate(cell) {
			return 0, "", date
		}
		return 0, "", word
	}
	digits, ok := d.canonical(n.mantissa)
	if !ok {
		if isDate(cell) {
			return 0, "", date
		}
		return 0, "", word
	}
	text := digits
	if n.exponent != "" {
		text += "e" + n.exponent
	}
	v, err := strconv.ParseFloat(text, 64)
	if math.IsInf(v, 0) {
		return 0, "", infinite
	}
	if err != nil {
		return 0, "", word
	}
	if n.negative {
		v = -v
	}
	return v, n.unit, number
}

// plain reports whether a cell is made of the characters of an ordinary number only.
func plain(cell string) bool {
	for i := 0; i < len(cell); i++ {
		if c := cell[i]; (c < '0' || c > '9') && c != '.' && c != '-' && c != 'e' && c != '+' && c != 'E' {
			return false
		}
	}
	return cell != ""
}

// unquoted removes blanks around a cell, and a pair of quotes within them.
func unquoted(cell string) string {
	cell = strings.TrimSpace(cell)
	if n := len(cell); n >= 2 && (cell[0] == '"' || cell[0] == '\'') && cell[n-1] == cell[0] {
		cell = strings.TrimSpace(cell[1 : n-1])
	}
	return cell
}

// special recognizes what stands for a missing or an infinite value, and formulas.
func special(cell string) kind {
	if cell == "" {
		return missing
	}
	if cell[0] == '=' || cell[0] == '@' && len(cell) > 1 {
		return formula
	}
	if len(cell) > 12 {
		return word
	}
	switch strings.ToLower(strings.TrimLeft(cell, "+-−")) {
	case "", "na", "n/a", "nan", "1.#qnan", "1.#ind", "<na>", "nat", "null", "nil", "none", "missing", "?", ".", "#n/a", "#na", "#value!", "#div/0!", "#num!", "#ref!", "#name?", "#null!":
		return missing
	case "inf", "infinity", "∞", "1.#inf", "indeterminate", "complexinfinity":
		return infinite
	}
	return word
}

// parts are the parts of a number as it is written.
type parts struct {
	negative bool
	mantissa string // digits with '.' ',' ' ' or '\''
	exponent string
	unit     string
}

// dissect splits a number into its parts, without deciding what its signs mean.
func dissect(cell string) (n parts, ok bool) {
	if len(cell) > 100 {
		return n, false
	}
	signed := false
	for cell != "" { // sign and currency, in any order
		r, size := utf8.DecodeRuneInString(cell)
		switch {
		case minus(r) && !signed:
			n.negative, signed = true, true
		case r == '+' && !signed:
			signed = true
		case unicode.Is(unicode.Sc, r) && n.unit == "":
			n.unit = string(r)
		case unicode.IsSpace(r):
		default:
			size = 0
		}
		if size == 0 {
			break
		}
		cell = cell[size:]
	}
	if r, size := utf8.DecodeLastRuneInString(cell); (r == '%' || r == '٪' || unicode.Is(unicode.Sc, r)) && n.unit == "" {
		n.unit = string(r)
		cell = strings.TrimRightFunc(cell[:len(cell)-size], unicode.IsSpace)
	}
	var b strings.Builder
	for i, r := range cell {
		switch {
		case '0' <= r && r <= '9' || r == '.' || r == ',' || r == '\'':
			b.WriteRune(r)
		case r == ' ' || r == '\u00a0' || r == '\u202f' || r == '\u2009':
			b.WriteByte(' ')
		case r == '’':
			b.WriteByte('\'')
		case (r == 'e' || r == 'E' || r == 'd' || r == 'D') && b.Len() > 0:
			n.exponent, ok = exponent(cell[i+1:])
			n.mantissa = b.String()
			return n, ok
		default:
			return n, false
		}
	}
	n.mantissa = b.String()
	return n, n.mantissa != ""
}

func exponent(text string) (string, bool) {
	sign := ""
	if r, size := utf8.DecodeRuneInString(text); minus(r) || r == '+' {
		text = text[size:]
		if r != '+' {
			sign = "-"
		}
	}
	return sign + text, digits(text)
}

func minus(r rune) bool {
	return r == '-' || r == '−' || r == '–' || r == '\ufe63' || r == '\uff0d'
}

// digits reports whether a text is made of digits, at least one.
func digits(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}

// canonical rewrites a mantissa as strconv reads it.
func (d decimal) canonical(mantissa string) (string, bool) {
	whole, fraction, found := strings.Cut(mantissa, string(rune(d)))
	if fraction != "" && !digits(fraction) || !found && whole == "" {
		return "", false
	}
	if whole != "" && !digits(whole) {
		g := groupSign(whole)
		if g == 0 || g == byte(d) || !grouped(whole, g) {
			return "", false
		}
		whole = strings.ReplaceAll(whole, string(rune(g)), "")
	}
	if whole == "" && fraction == "" {
		return "", false
	}
	if !found {
		return whole, true
	}
	return whole + "." + fraction, true
}

// grouping returns the sign between the thousands of a number, 0 if there is none.
func (d decimal) grouping(cell string) byte {
	n, _ := dissect(unquoted(cell))
	whole, _, _ := strings.Cut(n.mantissa, string(rune(d)))
	return groupSign(whole)
}

// groupSign returns the first sign in a text that is no digit.
func groupSign(text string) byte {
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return text[i]
		}
	}
	return 0
}

// grouped reports whether the sign divides digits into thousands: one to three, then three each.
func grouped(text string, sign byte) bool {
	if text == "" || text[0] == '0' {
		return false
	}
	for i := 0; ; i++ {
		group, rest, more := strings.Cut(text, string(rune(sign)))
		if !digits(group) || len(group) > 3 || i > 0 && len(group) != 3 {
			return false
		}
		if !more {
			return i > 0
		}
		text = rest
	}
}

// evidence counts what the cells of a column say about its decimal sign.
type evidence struct {
	comma, point int // numbers that can only have this decimal sign
	eitherComma  int // numbers such as 1,024
	plain, long  int // numbers without any sign; those of more than three digits
}

// add considers a cell.
func (e *evidence) add(cell string) {
	cell = unquoted(cell)
	if special(cell) != word {
		return
	}
	n, ok := dissect(cell)
	if !ok {
		return
	}
	m := n.mantissa
	_, asPoint := decimal('.').canonical(m)
	_, asComma := decimal(',').canonical(m)
	commas, points := strings.Count(m, ","), strings.Count(m, ".")
	switch {
	case commas+points == 0:
		if asPoint && n.exponent == "" {
			e.plain++
			if len(m) > 3 && digits(m) {
				e.long++
			}
		}
	case asPoint && !asComma:
		e.point++
	case asComma && !asPoint:
		e.comma++
	case asPoint && asComma && n.exponent != "":
		if commas > 0 {
			e.comma++
		} else {
			e.point++
		}
	case asPoint && asComma && commas > 0:
		e.eitherComma++
	}
}

func (e *evidence) sum(o evidence) {
	e.comma += o.comma
	e.point += o.point
	e.eitherComma += o.eitherComma
	e.plain += o.plain
	e.long += o.long
}

// decide returns the decimal sign of the table, and whether it is a guess without evidence.
func (e evidence) decide(separator string) (d decimal, guess bool) {
	switch {
	case e.comma > e.point:
		return ',', false
	case e.point > 0:
		return '.', false
	case e.eitherComma == 0:
		return '.', false
	case e.long > 0: // 1024 beside 1,024: nothing is grouped
		return ',', true
	case e.plain == 0 && separator == ";":
		return ',', true
	}
	return '.', true
}

// own returns the decimal sign of a column in a table that has sign d.
func (e evidence) own(d decimal) decimal {
	switch {
	case e.comma > 0 && e.point == 0:
		return ','
	case e.point > 0 && e.comma == 0:
		return '.'
	}
	return d
}

var dates = regexp.MustCompile(`(?i)^(` +
	`\d{4}[-/.]\d{1,2}([-/.]\d{1,2})?([t ].*)?` +
	`|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}( .*)?` +
	`|\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[ap]m)?` +
	`|(\d{1,2}[-. ]+)?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[-. ]+\d{1,4}(,? *\d{2,4})?` +
	`)$`)

func isDate(cell string) bool {
	return len(cell) >= 4 && len(cell) <= 40 && strings.ContainsAny(cell, "-/.: ") && dates.MatchString(cell)
}
