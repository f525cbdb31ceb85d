package kernel

import (
	"debug/elf"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestWords has GNU as make the words of kernel_arm64.s again from the instructions that
// stand beside them.
func TestWords(t *testing.T) {
	as, err := exec.LookPath("aarch64-linux-gnu-as")
	if err != nil {
		t.Skip("needs the Debian package binutils-aarch64-linux-gnu:", err)
	}
	text, err := os.ReadFile("kernel_arm64.s")
	if err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`WORD \$(0x[0-9a-f]{8}) // (.*)\n`).FindAllStringSubmatch(string(text), -1)
	if len(lines) == 0 || len(lines) != strings.Count(string(text), "WORD") {
		t.Fatalf("%d words, %d of them with an instruction", strings.Count(string(text), "WORD"), len(lines))
	}
	var source strings.Builder
	for _, line := range lines {
		source.WriteString(line[2] + "\n")
	}
	object := filepath.Join(t.TempDir(), "words.o")
	cmd := exec.Command(as, "-o", object, "-")
	cmd.Stdin = strings.NewReader(source.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	file, err := elf.Open(object)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	code, err := file.Section(".text").Data()
	if err != nil || len(code) != 4*len(lines) {
		t.Fatalf("%d instructions are %d bytes (%v)", len(lines), len(code), err)
	}
	for i, line := range lines {
		if want := fmt.Sprintf("%#08x", binary.LittleEndian.Uint32(code[4*i:])); line[1] != want {
			t.Errorf("%s is %s, not %s", line[2], want, line[1])
		}
	}
}
