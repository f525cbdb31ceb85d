package web

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"ebmviz/ebm"
)

// token is a part of a formula: a number, a name, a sign, or "" at the end.
type token struct {
	kind kind
	text string
	at   int // its character, from 1
}

type kind int

const (
	end kind = iota
	number
	name
	sign
	open
	closing
	unknown
)

// signs are what people write for the signs and names of a formula.
var signs = map[string]string{
	"×": "*", "·": "*", "⋅": "*", "∙": "*", "−": "-", "–": "-", "÷": "/", "π": "pi", "√": "sqrt", "²": "^2", "³": "^3",
	"[": "(", "]": ")", "{": "(", "}": ")", "≤": "<=", "≥": ">=",
}

// scan returns the tokens of a formula, with the end as the last one.
func scan(formula string) []token {
	var all []token
	at := 1
	for rest := formula; rest != ""; {
		t := token{unknown, "", at}
		switch c := rest[0]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			rest, at = rest[1:], at+1
			continue
		case isDigit(c) || c == '.' && len(rest) > 1 && isDigit(rest[1]):
			t.kind, t.text = number, rest[:numberLength(rest)]
		case c >= utf8.RuneSelf || c == '[' || c == ']' || c == '{' || c == '}':
			_, size := utf8.DecodeRuneInString(rest)
			t.text = rest[:size]
		case isLetter(c):
			n := 1
			for n < len(rest) && (isLetter(rest[n]) || isDigit(rest[n])) {
				n++
			}
			t.kind, t.text = name, rest[:n]
		case c == '(':
			t.kind, t.text = open, "("
		case c == ')':
			t.kind, t.text = closing, ")"
		case strings.HasPrefix(rest, "**") || strings.HasPrefix(rest, "<=") || strings.HasPrefix(rest, ">=") ||
			strings.HasPrefix(rest, "==") || strings.HasPrefix(rest, "!=") || strings.HasPrefix(rest, "&&") || strings.HasPrefix(rest, "||"):
			t.kind, t.text = sign, rest[:2]
		case strings.IndexByte("+-*/%^<>,?:", c) >= 0:
			t.kind, t.text = sign, rest[:1]
		default:
			t.text = rest[:1]
		}
		all = append(all, t)
		rest, at = rest[len(t.text):], at+utf8.RuneCountInString(t.text)
	}
	return append(all, token{end, "", at})
}

func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }

// numberLength returns the length of the number that a text begins with, such as 2, .5 and 1e-3.
func numberLength(s string) int {
	n := 0
	digits := func() {
		for n < len(s) && isDigit(s[n]) {
			n++
		}
	}
	digits()
	if n < len(s) && s[n] == '.' && !strings.HasPrefix(s[n:], "..") {
		n++
		digits()
	}
	if rest := strings.TrimLeft(s[n:], "eE"); len(rest) == len(s[n:])-1 {
		if exponent := strings.TrimLeft(rest, "+-"); len(exponent) >= len(rest)-1 && exponent != "" && isDigit(exponent[0]) {
			n = len(s) - len(exponent)
			digits()
		}
	}
	return n
}

// functionNames are the functions of a formula, variableNames its variables.
var (
	functionNames = func() []string {
		names := slices.Clone(builtins)
		for name, v := range environment(0) {
			if _, isNumber := v.(float64); !isNumber {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		return names
	}()
	variableNames = []string{"t", "pi", "e"}
	wordOperators = []string{"and", "or", "not", "true", "false"}
)

// advise returns where a formula that cannot be read is wrong, and what to do, "" if that is not
// known: the first of the common mistakes.
func advise(formula string) string {
	tokens := scan(formula)
	for _, mistake := range []func([]token) string{strangeSign, wrongName, missingTimes, missingOperand, wrongParenthesis} {
		if advice := mistake(tokens); advice != "" {
			return advice
		}
	}
	return ""
}

// strangeSign finds a sign that formulas do not have.
func strangeSign(tokens []token) string {
	depth := 0
	for i, t := range tokens {
		switch {
		case t.kind == open:
			depth++
		case t.kind == closing:
			depth--
		case t.text == "=":
			return fmt.Sprintf("leave out all up to the = at character %d", t.at)
		case t.kind == unknown && signs[t.text] != "":
			return fmt.Sprintf("write %s for %s at character %d", signs[t.text], t.text, t.at)
		case t.kind == unknown:
			return fmt.Sprintf("there must be no %s, which is at character %d", t.text, t.at)
		case t.text == "," && depth == 0 && i > 0 && tokens[i-1].kind == number && tokens[i+1].kind == number:
			return fmt.Sprintf("write a decimal point at character %d: %s.%s", t.at, tokens[i-1].text, tokens[i+1].text)
		case t.text == "," && depth == 0:
			return fmt.Sprintf("there must be no comma at character %d; it stands between the arguments of a function only", t.at)
		}
	}
	return ""
}

// wrongName finds a name that formulas do not have.
func wrongName(tokens []token) string {
	for i, t := range tokens {
		switch {
		case t.kind != name || slices.Contains(functionNames, t.text) || slices.Contains(variableNames, t.text) || slices.Contains(wordOperators, t.text):
		case tokens[i+1].kind == open:
			return fmt.Sprintf("unknown name %s at character %d%s", t.text, t.at, ebm.Suggest(t.text, functionNames))
		default:
			return fmt.Sprintf("unknown name %s at character %d; the variable is t", t.text, t.at)
		}
	}
	return ""
}

// missingTimes finds two values without a sign between them, and a function without parentheses.
func missingTimes(tokens []token) string {
	for i, t := range tokens[:len(tokens)-1] {
		next := tokens[i+1]
		isFunction := t.kind == name && slices.Contains(functionNames, t.text)
		isValue := t.kind == number || t.kind == closing || t.kind == name && slices.Contains(variableNames, t.text)
		begins := next.kind == number || next.kind == open || next.kind == name && !slices.Contains(wordOperators, next.text)
		switch {
		case isFunction && next.kind != open:
			return fmt.Sprintf("%s at character %d needs parentheses: %[1]s(t)", t.text, t.at)
		case t.kind == number && next.kind == number && next.text[0] == '.':
			return fmt.Sprintf("the number at character %d has two decimal points", t.at)
		case isValue && begins:
			return fmt.Sprintf("a * is missing at character %d, between %s and %s", next.at, t.text, next.text)
		}
	}
	return ""
}

// missingOperand finds a sign with nothing before or after it.
func missingOperand(tokens []token) string {
	for i, t := range tokens[:len(tokens)-1] {
		next := tokens[i+1]
		binary := t.kind == sign && t.text != "-" && t.text != "+"
		before := i > 0 && tokens[i-1].kind != sign && tokens[i-1].kind != open
		switch {
		case binary && !before:
			return fmt.Sprintf("a value is missing before the %s at character %d", t.text, t.at)
		case t.kind == sign && next.kind == end:
			return fmt.Sprintf("a value is missing after the %s at the end", t.text)
		case t.kind == sign && next.kind == closing:
			return fmt.Sprintf("a value is missing after the %s at character %d", t.text, t.at)
		case t.kind == open && next.kind == closing:
			return fmt.Sprintf("a value is missing in the parentheses at character %d", t.at)
		}
	}
	return ""
}

// wrongParenthesis finds parentheses without a partner.
func wrongParenthesis(tokens []token) string {
	depth := 0
	for _, t := range tokens {
		switch t.kind {
		case open:
			depth++
		case closing:
			depth--
		}
		if depth < 0 {
			return fmt.Sprintf("the closing parenthesis at character %d has no opening one; remove it", t.at)
		}
	}
	switch {
	case depth == 1:
		return "a closing parenthesis is missing at the end"
	case depth > 1:
		return fmt.Sprintf("%d closing parentheses are missing at the end", depth)
	}
	return ""
}

// shortFormula returns a formula, or the beginning of a long one.
func shortFormula(formula string) string {
	const most = 60
	if utf8.RuneCountInString(formula) <= most {
		return formula
	}
	return string([]rune(formula)[:most]) + "…"
}
