package conformance

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"ebmviz/ebm"
	"ebmviz/ebm/data"
)

var (
	idForm       = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)
	nameForm     = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	strategyForm = regexp.MustCompile(`^(A[1-4]|C[1-3])?$`)
	knobMacro    = regexp.MustCompile(`\\knob\{([^}]*)\}`)
	sourceForm   = regexp.MustCompile(`^[^;]+, “[^;]+”, \d{4}(; [^;]+, “[^;]+”, \d{4})*$`) // author, title, year
	summaryMark  = regexp.MustCompile(`\{(down|up)\|[^{}|]+\}`)

	// What the template of a stage may have besides plain text; see ebm.Stages.
	stageCondition = regexp.MustCompile(`\[(part|!?perturbed|rejected)\|([^\[\]]+)\]`)
	stageNumber    = regexp.MustCompile(`\{(downs|ups|followed|steps|varies|lowered|raised)( [a-z]+)?\}`)
)

// checkCard checks what the page shows of a card: every text is present, every formula names
// knobs that exist and has balanced braces, the dataset exists.
func checkCard(card ebm.Card) error {
	switch {
	case !idForm.MatchString(card.ID):
		return fmt.Errorf("id %q is not of the form %v", card.ID, idForm)
	case card.Family != ebm.Architectural && card.Family != ebm.Contrastive:
		return fmt.Errorf("family %q is neither %q nor %q", card.Family, ebm.Architectural, ebm.Contrastive)
	case !strategyForm.MatchString(card.Strategy):
		return fmt.Errorf("strategy %q is none of A1 … A4, C1 … C3", card.Strategy)
	case !summaryMark.MatchString(card.Summary) || strings.ContainsAny(summaryMark.ReplaceAllString(card.Summary, ""), "{}|"):
		return fmt.Errorf("the summary must mark what is pushed by {down|…} or {up|…}: %q", card.Summary)
	case !strings.HasSuffix(card.Summary, "."):
		return fmt.Errorf("the summary is not a sentence: %q", card.Summary)
	case !sourceForm.MatchString(card.Source):
		return fmt.Errorf("the source %q is not of the form %v", card.Source, sourceForm)
	case len(card.Formulas) == 0:
		return fmt.Errorf("there is no formula")
	case len(card.Scalars) != len(slices.Compact(slices.Sorted(slices.Values(card.Scalars)))):
		return fmt.Errorf("two scalars have the same name: %v", card.Scalars)
	}
	if _, err := data.Lookup(card.Data); err != nil {
		return err
	}
	knobs := ebm.NewKnobs(card.ID)
	card.New().Knobs(knobs)
	for _, k := range knobs.All() {
		if err := errors.Join(checkKnob(k), checkWhen(k, knobs)); err != nil {
			return fmt.Errorf("knob %q: %w", k.Name, err)
		}
	}
	for _, f := range card.Formulas {
		if f.Label == "" || strings.Count(f.TeX, "{") != strings.Count(f.TeX, "}") {
			return fmt.Errorf("formula %q lacks its label or a brace: %s", f.Label, f.TeX)
		}
		for _, m := range knobMacro.FindAllStringSubmatch(f.TeX, -1) {
			if _, err := knobs.Lookup(m[1]); err != nil {
				return fmt.Errorf("formula %q: %w", f.Label, err)
			}
		}
	}
	if err := checkStages(card.Stages); err != nil {
		return err
	}
	return checkInterfaces(card)
}

// stages are the stages that there are.
var stages = []ebm.Stage{
	ebm.StagePoints, ebm.StageStart, ebm.StagePerturb, ebm.StageWalk, ebm.StageDenoise, ebm.StageGuess, ebm.StageScatter,
	ebm.StageNear, ebm.StageLimit, ebm.StageUp, ebm.StageDown, ebm.StagePull, ebm.StageChange, ebm.StageRest,
}

// checkStages requires known stages and templates that the page can fill in.
func checkStages(all ebm.Stages) error {
	for stage, template := range all {
		if !slices.Contains(stages, stage) {
			return fmt.Errorf("stage %q is none of %v", stage, stages)
		}
		plain := stageNumber.ReplaceAllString(stageCondition.ReplaceAllString(template, "$2"), "1")
		plain = summaryMark.ReplaceAllString(plain, "push")
		if !strings.HasSuffix(plain, ".") || strings.ContainsAny(plain, "{}[]|") {
			return fmt.Errorf("stage %q has a sentence that cannot be filled in: %q", stage, template)
		}
	}
	return nil
}

// checkMap requires that exactly the cards of a Reconstructer say how its map is written.
func checkMap(card ebm.Card, m ebm.Model) error {
	_, reconstructs := m.(ebm.Reconstructer)
	known := slices.Contains([]ebm.MapKind{ebm.MapProject, ebm.MapDecode, ebm.MapReconstruct}, card.Map)
	switch {
	case reconstructs && !known:
		return fmt.Errorf("the model is an ebm.Reconstructer, but its map %q is none of %q, %q, %q", card.Map, ebm.MapProject, ebm.MapDecode, ebm.MapReconstruct)
	case !reconstructs && card.Map != "":
		return fmt.Errorf("the card has the map %q, but the model is no ebm.Reconstructer", card.Map)
	}
	return nil
}

// checkWhen checks that the condition of a knob names existing choices.
func checkWhen(k *ebm.Knob, knobs *ebm.Knobs) error {
	if k.When == nil {
		return nil
	}
	choice, err := knobs.Lookup(k.When.Knob)
	if err != nil {
		return err
	}
	for _, is := range k.When.Is {
		if !slices.Contains(choice.Choices, is) {
			return fmt.Errorf("%s is never %q", choice.Name, is)
		}
	}
	return nil
}

// checkKnob checks what a slider needs.
func checkKnob(k *ebm.Knob) error {
	number := k.Kind == ebm.Float || k.Kind == ebm.Int
	switch {
	case !nameForm.MatchString(k.Name):
		return fmt.Errorf("its name is not of the form %v", nameForm)
	case k.Symbol == "" || len(k.Help) < 10:
		return fmt.Errorf("it lacks its symbol, or its help (%q) does not say what one will see", k.Help)
	case number && !(k.Min < k.Max):
		return fmt.Errorf("its range from %v to %v is empty", k.Min, k.Max)
	case number && k.Scale != ebm.Linear && !(k.Min > 0):
		return fmt.Errorf("its scale is %s, but its range begins at %v", k.Scale, k.Min)
	case k.Kind == ebm.Choice && len(k.Choices) < 2:
		return fmt.Errorf("the choices %v are fewer than two", k.Choices)
	}
	return nil
}

// checkInterfaces checks what a session calls: the model can be saved, it reports all of its
// scalars, and two models of one card share no state.
func checkInterfaces(card ebm.Card) error {
	points, err := sample(card, 100)
	if err != nil {
		return err
	}
	r, err := trained(card, points, 1, 1)
	if err != nil {
		return err
	}
	if _, ok := r.model.(ebm.Stater); !ok {
		return fmt.Errorf("the model is no ebm.Stater: it can be neither saved nor rewound")
	}
	if err := checkMap(card, r.model); err != nil {
		return err
	}
	s, ok := r.model.(ebm.Scalarer)
	if !ok {
		return fmt.Errorf("the model is no ebm.Scalarer: its loss cannot be shown")
	}
	const unset = -12345.678
	got := slices.Repeat([]float64{unset}, len(card.Scalars))
	s.Scalars(got)
	if i := slices.Index(got, unset); i >= 0 {
		return fmt.Errorf("scalar %q is not written", card.Scalars[i])
	}
	if math.IsNaN(got[0]) {
		return fmt.Errorf("the loss is NaN after a step with the default knobs")
	}
	before := r.energy(points)
	other, err := trained(card, points, 2, 2)
	if err != nil {
		return err
	}
	other.steps(1)
	if err := differ(before, r.energy(points)); err != nil {
		return fmt.Errorf("training another model of the same card changes this one: energy %w", err)
	}
	return nil
}
