package table

import (
	"slices"
	"strings"
)

// check refuses what an option cannot be.
func (o Options) check() error {
	for _, c := range []struct{ name, value, all string }{
		{"the separator", o.Separator, ",;\t| "},
		{"the decimal sign", o.Decimal, ".,"},
	} {
		if c.value != "" && (len(c.value) > 1 || !strings.Contains(c.all, c.value)) {
			return errorf("%s is one of %q; got %.40q", c.name, strings.Split(c.all, ""), c.value)
		}
	}
	if !slices.Contains([]string{"", "yes", "no"}, o.Header) {
		return errorf("header is yes or no; got %.40q", o.Header)
	}
	return nil
}
