package main

import (
	"go/scanner"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// notNames are words that no identifier has: the code once used them for things that have a standard
// name, which stands beside them.
var notNames = map[string]string{
	"bear": "newModelState", "born": "state", "revive": "restore", "cloud": "dataset", "silent": "withoutDensity",
	"gauges": "metrics", "glance": "quickCheck", "survey": "evaluate", "tame": "inRange", "sick": "nonFinite",
	"easel": "renderer", "shoot": "renderFrame", "announce": "publish", "news": "snapshot", "trip": "halt",
	"blame": "attribute", "doomed": "divergesLater", "hurry": "budget", "patience": "timeout", "linger": "spin",
	"lend": "startHelper", "borrow": "tryAcquire", "shelf": "loadEmbedded", "complain": "errorf", "complaint": "error",
	"slip": "misconception", "pathology": "failureMode", "letter": "message", "mailbox": "outbox", "deeds": "actions",
	"stranger": "anonymous", "dress": "chartStyle", "rail": "sidebar", "knock": "prefetchRoom", "entrance": "roomConnector",
	"governor": "adaptiveResolution", "stopwatch": "gpuTimer", "pinned": "comparePane", "spoilt": "corrupted",
	"coldness": "inverseTemperature",
}

// names lists the identifiers of a file, with their lines.
func names(path string, text []byte) map[string]int {
	found := map[string]int{}
	if filepath.Ext(path) == ".js" {
		quoted := regexp.MustCompile("(?s)/\\*.*?\\*/|//[^\n]*|'(?:[^'\\\\\n]|\\\\.)*'|\"(?:[^\"\\\\\n]|\\\\.)*\"|`(?:[^`\\\\]|\\\\.)*`")
		code := quoted.ReplaceAllFunc(text, func(b []byte) []byte { return []byte(strings.Repeat("\n", strings.Count(string(b), "\n"))) })
		for i, line := range strings.Split(string(code), "\n") {
			for _, name := range regexp.MustCompile(`[A-Za-z_$][\w$]*`).FindAllString(line, -1) {
				found[name] = i + 1
			}
		}
		return found
	}
	files := token.NewFileSet()
	var s scanner.Scanner
	s.Init(files.AddFile(path, -1, len(text)), text, nil, 0)
	for {
		at, kind, name := s.Scan()
		if kind == token.EOF {
			return found
		}
		if kind == token.IDENT {
			found[name] = files.Position(at).Line
		}
	}
}

// wordsOf splits a name in camel case into its words, in lower case.
func wordsOf(name string) []string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return strings.FieldsFunc(b.String(), func(r rune) bool { return r == ' ' || r == '_' || r == '$' || unicode.IsDigit(r) })
}

// TestNamesAreStandardTerms looks at every identifier of Go and JavaScript.
func TestNamesAreStandardTerms(t *testing.T) {
	seen := 0
	ours(t, func(path string, text []byte) {
		if ext := filepath.Ext(path); ext != ".go" && ext != ".js" {
			return
		}
		for name, line := range names(path, text) {
			seen++
			for _, word := range wordsOf(name) {
				if say := notNames[word]; say != "" {
					t.Errorf("%s:%d: %s; say %s", strings.TrimPrefix(path, root+"/"), line, name, say)
				}
			}
		}
	})
	if seen < 10_000 {
		t.Errorf("only %d names were looked at", seen)
	}
}
