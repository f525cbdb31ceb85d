package web

import (
	"strings"
	"testing"
)

// TestAdvise makes the common mistakes. The error names the place and what to do.
func TestAdvise(t *testing.T) {
	for formula, want := range map[string]string{
		"sin(t":           "in y1 = sin(t: a closing parenthesis is missing at the end",
		"sin(cos(t":       "2 closing parentheses are missing at the end",
		"t)":              "the closing parenthesis at character 2 has no opening one; remove it",
		"2t":              "a * is missing at character 2, between 2 and t",
		"cos(2pi*t)":      "a * is missing at character 6, between 2 and pi",
		"2 (t+1)":         "a * is missing at character 3, between 2 and (",
		"t(2)":            "a * is missing at character 2, between t and (",
		"1e*t":            "a * is missing at character 2, between 1 and e",
		"1e-3t":           "a * is missing at character 5, between 1e-3 and t",
		"1,5*t":           "write a decimal point at character 2: 1.5",
		"t,1":             "there must be no comma at character 2",
		"t+":              "a value is missing after the + at the end",
		"(t*)+1":          "a value is missing after the * at character 3",
		"1+*t":            "a value is missing before the * at character 3",
		"sin()":           "a value is missing in the parentheses at character 4",
		"sin t":           "sin at character 1 needs parentheses: sin(t)",
		"2*tan":           "tan at character 3 needs parentheses",
		"sni(t)":          `unknown name sni at character 1; did you mean "sin"?`,
		"2*x":             "unknown name x at character 3; the variable is t",
		"2×t":             "write * for × at character 2",
		"t−1":             "write - for − at character 2",
		"2*π*t":           "write pi for π at character 3",
		"t²":              "write ^2 for ² at character 2",
		"y1 = t":          "leave out all up to the = at character 4",
		"0.5.2":           "the number at character 1 has two decimal points",
		"t $ 2":           "there must be no $, which is at character 3",
		"atan2(t)":        "not enough arguments to call atan2",
		"\xff":            "there must be no \xff",
		"max(1,2,3)+(t>1": "a closing parenthesis is missing at the end",
	} {
		if _, err := compile("y1", formula); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n got %v\nwant … %s …", formula, err, want)
		}
	}
	for _, formula := range []string{"t", "-t", "2*-t", "1.2*t*cos(4*pi*t)", "t > 0.5 ? 1 : -1", "max(1, t, .5)", "1e-3 + 2E2 + 1.", "hypot(t, 1)**2", "t > 1 and not (t < 2) ? 1 : 0"} {
		if advice := advise(formula); advice != "" {
			t.Errorf("%s is advised: %s", formula, advice)
		}
	}
}

func FuzzAdvise(f *testing.F) {
	for _, formula := range []string{"sin(t", "2t", "1,5", "√t", "a.b", "1e+", "..", "t\n+"} {
		f.Add(formula)
	}
	f.Fuzz(func(t *testing.T, formula string) {
		if len(formula) > maxFormula {
			t.Skip()
		}
		advise(formula)
		if tokens := scan(formula); tokens[len(tokens)-1].kind != end {
			t.Error("the last token is no end")
		}
	})
}
