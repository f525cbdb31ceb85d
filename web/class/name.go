package class

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"ebmviz/sim"
)

// animals of made-up names. None has an unkind meaning.
var animals = []string{
	"Alpaca", "Ant", "Badger", "Bat", "Beaver", "Bee", "Bison", "Camel", "Cat", "Cheetah", "Cod", "Crab", "Crane",
	"Cricket", "Deer", "Dingo", "Dolphin", "Dove", "Duck", "Eagle", "Eel", "Elk", "Falcon", "Finch", "Fox", "Frog",
	"Gecko", "Gibbon", "Goose", "Gull", "Hare", "Hawk", "Hedgehog", "Heron", "Ibex", "Ibis", "Jaguar", "Jay",
	"Kiwi", "Koala", "Lark", "Lemur", "Lion", "Lizard", "Llama", "Lynx", "Marten", "Moose", "Moth", "Newt", "Octopus",
	"Orca", "Otter", "Owl", "Panda", "Parrot", "Penguin", "Pike", "Puffin", "Quail", "Rabbit", "Raccoon", "Raven",
	"Robin", "Salmon", "Seal", "Shrew", "Sparrow", "Squid", "Squirrel", "Stork", "Swan", "Swift", "Tapir", "Tern",
	"Tiger", "Toad", "Trout", "Tuna", "Turtle", "Viper", "Vole", "Walrus", "Wasp", "Whale", "Wolf", "Wombat", "Wren",
	"Yak", "Zebra",
}

const (
	maxNumber = 99 // of a made-up name, from 2
	maxName   = 24 // characters of a name
)

// madeUpName returns a name that nobody in the class has. The lock is held.
func (c *Class) madeUpName() string {
	for range 1000 { // with 500 of 8,800 taken, the first ones are free
		name := animals[rand.IntN(len(animals))] + " " + strconv.Itoa(2+rand.IntN(maxNumber-1))
		if !c.names[nameKey(name)] {
			return name
		}
	}
	for n := maxNumber + 1; ; n++ {
		if name := "Otter " + strconv.Itoa(n); !c.names[nameKey(name)] {
			return name
		}
	}
}

// nameKey returns what two names have in common that look alike.
func nameKey(name string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "-", "", "'", "", ".", "").Replace(name))
}

// chooseName checks a name that somebody has chosen instead of the present one, and returns it as it will be
// shown. The lock is held.
func (c *Class) chooseName(typed, present string) (string, error) {
	if len(typed) > 4096 || !utf8.ValidString(typed) {
		return "", sim.Errorf(NameError, "a name has at most %d characters", maxName)
	}
	name := strings.Join(strings.Fields(strings.ReplaceAll(typed, "’", "'")), " ")
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return "", sim.Errorf(NameError, "a name needs at least one letter or digit")
	case n > maxName:
		return "", sim.Errorf(NameError, "a name has at most %d characters; this one has %d", maxName, n)
	}
	marks, solid := 0, 0
	for _, r := range name {
		switch {
		case invisible[r]:
			return "", errName
		case unicode.IsLetter(r) || unicode.Is(unicode.Nd, r):
			marks = 0
			solid++
		case unicode.Is(unicode.M, r) && solid > 0 && marks < 2:
			marks++ // a part of the letter before it, in many scripts
		case strings.ContainsRune(" -'.", r):
			marks = 2
		default:
			return "", errName
		}
	}
	if solid == 0 {
		return "", sim.Errorf(NameError, "a name needs at least one letter or digit")
	}
	if key := nameKey(name); c.names[key] && key != nameKey(present) {
		return "", sim.Errorf(NameError, "somebody in the class already has this name")
	}
	return name, nil
}

var errName = &sim.Error{Code: NameError, Message: "a name may only have letters, digits, spaces and - ' ."}

// invisible are the characters that count as letters or marks and show nothing.
var invisible = map[rune]bool{0x115f: true, 0x1160: true, 0x3164: true, 0xffa0: true, 0x034f: true, 0x17b4: true, 0x17b5: true, 0x180b: true, 0x180c: true, 0x180d: true, 0x180f: true}
