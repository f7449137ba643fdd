"""What a variable is, and the dictionary that holds all of them.

Everything that must know what a variable is asks the dictionary: its type, label, levels, order,
reference level and plausible range, when it is known, what it is made of, whom it concerns, and
what registries call it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from analysis_lib.errors import DictionaryError

# When a covariate is known; an exposure given over a time counts from its start. One known after
# infusion may be caused by what is compared, and a patient has to live to show it. The first six
# are in the order of time; "before time zero" says no more than that.
STAGES = (
    "before the exposure",
    "fixed before therapy",
    "earlier therapy",
    "at apheresis",
    "between apheresis and infusion",
    "before time zero",
    "at time zero",
    "after infusion",
)
BEFORE_EXPOSURE, FIXED, EARLIER, APHERESIS, BRIDGING, BEFORE_ZERO, AT_ZERO, INFUSED = STAGES
# What the day of treatment is called unless a cohort has a label of its own for it.
INFUSION, _INFUSION_LABEL = "infusion", "CAR T-cell infusion"
SAME_STAGES = {"after time zero": INFUSED}
# The parts of the patients whom a variable can concern; `topics.missing.patterns` says who is in.
PARTS = (
    "exposed",
    "dosed_before_apheresis",
    "dosed_in_bridging",
    "crs",
    "icans",
    "assessable",
    "responders",
    "tested_responders",
    "consolidated",
    "dead",
)
# The columns of a time to an event, and those by which consolidation is told from salvage.
ENDPOINT_PARTS = ("months", "event")
CONSOLIDATION_COLUMNS = ("begin_months", "entry_months", "salvage_reason", "salvage_date")
_PLAIN_WORD = re.compile(r"[A-Z]([a-z]+(/[a-z]+|['’]s)?|[a-z]{2,}-[a-z]+)(?=[ ,]|$)|A(?= [a-z])")
# Of people and places: capital within a sentence too.
_PROPER = re.compile(
    r"(African|American|Ann Arbor|Asian|Binet|Black|Breslow|Burkitt|Caucasian|Charlson|Durie"
    r"|Gleason|Hispanic|Hodgkin|Indigenous|Karnofsky|Latin[ao]?|Lugano|Native|Philadelphia|Rai"
    r"|White)\b"
)
# What is said of those infused where nobody was.
_WITHOUT_INFUSION = (
    ("response to the infusion", "response"),
    ("Response to the infusion", "Response"),
    ("infused and eligible", "eligible"),
    ("infused patients", "patients"),
    ("everyone infused", "everyone"),
    ("all infused", "all patients"),
    ("All infused", "All patients"),
)
_NOUN = re.compile(r"\b([Ii])nfusion\b")
RELAPSE, _RELAPSE = "relapse", re.compile(r"\b([Rr])elapse(s?)\b")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True)
class Variable:
    """One variable: how it is called, what it may hold, and how missing values are treated.

    `known` is one of `STAGES`, the name of the variable with its date, or empty where nothing is
    said; a study turns a date into a stage, and `known_by` holds whose it was.
    `related` names an earlier variable that it is made of, or is another measure of. `stands_for`
    is what it covers that no extract records. `table_1` is `row`, `results` for one that the
    results table holds beside Table 1, or empty; `also_called` holds plain lower-case words.
    """

    name: str
    label: str
    type: str
    unit: str = ""
    levels: tuple[str, ...] = ()
    level_labels: tuple[str, ...] = ()
    reference: str = ""
    required: str = "optional"
    origin: str = "extract"
    plausible_min: str = ""
    plausible_max: str = ""
    missing_is_level: bool = False
    definition: str = ""
    known: str = ""
    known_by: str = ""
    related: str = ""
    concerns: str = ""
    stands_for: str = ""
    table_1: str = ""
    also_called: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Every text of a variable ends up in headings, legends and sentences: one line each."""
        levels = (*self.levels, *self.level_labels)
        for text in (self.label, self.unit, *levels, self.definition, self.stands_for):
            if text != one_line(text):
                raise DictionaryError(
                    f"variable {self.name!r}: label, unit, levels and definition must be one line "
                    f"of text without control characters, but one is {text!r}"
                )

    @property
    def is_categorical(self) -> bool:
        return self.type in ("category", "yes_no", "code")

    @property
    def is_numeric(self) -> bool:
        return self.type in ("integer", "decimal")

    @property
    def ordered_levels(self) -> tuple[str, ...]:
        """Levels with the reference first, the order of models and contrasts; codes have none."""
        if not self.reference or not self.levels:
            return self.levels
        return (self.reference, *(x for x in self.levels if x != self.reference))

    @property
    def phrase(self) -> str:
        """The label inside a sentence."""
        return lower_first(self.label)

    def level_label(self, level: str) -> str:
        """Label of a level; a level unknown to the dictionary (a centre's code) labels itself."""
        labels = dict(zip(self.levels, self.level_labels, strict=True))
        return labels[level] if level in labels else one_line(level)

    def group_label(self, level: str) -> str:
        """Label of a level that stands alone, as the heading of a column or a curve's name."""
        if self.type == "yes_no":
            return self.label if level == "yes" else f"No {lower_first(self.label)}"
        return self.level_label(level)

    def group_phrase(self, level: str) -> str:
        """A level's patients inside a sentence: `the InO-exposed group`."""
        if self.type == "yes_no":
            preposition = "with" if level == "yes" else "without"
            return f"the group {preposition} {lower_first(self.label)}"
        return f"the {lower_first(self.level_label(level))} group"


@dataclass(frozen=True)
class Dictionary:
    """All variables, in the order of the file."""

    variables: tuple[Variable, ...]

    @cached_property
    def _by_name(self) -> dict[str, Variable]:
        return {variable.name: variable for variable in self.variables}

    def __getitem__(self, name: str) -> Variable:
        if name not in self._by_name:
            raise DictionaryError(
                f"variable {name!r} is not in the dictionary{nearest(name, self.names())}"
            )
        return self._by_name[name]

    def phrases(self, names: Iterable[str]) -> list[str]:
        """How variables are called inside a sentence."""
        return [self[name].phrase for name in names]

    @cached_property
    def infusion(self) -> str:
        """The day of treatment inside a sentence: `infusion`, or what a cohort calls it."""
        own = self._by_name.get("infusion_date")
        return INFUSION if own is None or own.label == _INFUSION_LABEL else own.phrase

    @property
    def infused(self) -> str:
        """What has been done to everyone analysed, in front of `patients`; empty for others."""
        return "infused" if self.infusion == INFUSION else ""

    @cached_property
    def relapse(self) -> str:
        """The return of the disease inside a sentence: `relapse`, or what a cohort calls it."""
        own = self._by_name.get("relapse")
        return RELAPSE if own is None else own.phrase

    def own_words(self, text: str) -> str:
        """A text of ours as a cohort says it: `all patients`, `after transplantation`."""
        if self.relapse != RELAPSE:
            text = _RELAPSE.sub(lambda x: _like(x[1], self.relapse) + x[2], text)
        if self.infused:
            return text
        for ours, theirs in _WITHOUT_INFUSION:
            text = text.replace(ours, theirs)
        noun = self.infusion
        return _NOUN.sub(lambda x: _like(x[1], noun), text)

    def characteristic(self, name: str) -> str:
        """The variable of the extract of which a derived one is another form."""
        variable = self[name]
        derived = variable.origin == "derived" and variable.related in self
        return self.characteristic(variable.related) if derived else name

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def names(self, origin: str | None = None) -> tuple[str, ...]:
        return tuple(v.name for v in self.variables if origin in (None, v.origin))

    @cached_property
    def derived_columns(self) -> frozenset[str]:
        """Every column that the study adds to an extract; no variable of an extract may be one."""
        endpoints = [v.name for v in self.variables if v.type == "time_to_event"]
        of_endpoints = {f"{name}_{part}" for name in endpoints for part in ENDPOINT_PARTS}
        return frozenset({*self.names("derived"), *of_endpoints, *CONSOLIDATION_COLUMNS})

    @cached_property
    def after_infusion(self) -> frozenset[str]:
        """The covariates known only after infusion."""
        return frozenset(v.name for v in self.variables if v.known == INFUSED)

    @cached_property
    def _roots(self) -> dict[str, str]:
        """Of each variable the one that all those related to it go back to."""
        roots: dict[str, str] = {}
        for variable in self.variables:
            roots[variable.name] = roots.get(variable.related, variable.name)
        return roots

    def family(self, name: str) -> tuple[str, ...]:
        """The variables made of each other, in file order: what one withholds another could say."""
        root = self._roots.get(name)
        return tuple(x for x, of in self._roots.items() if of == root) if root else (name,)

    def extract(self) -> tuple[Variable, ...]:
        """The variables that a registry extract brings, in file order."""
        return tuple(v for v in self.variables if v.origin == "extract")

    def with_variables(self, variables: Iterable[Variable]) -> Dictionary:
        """A dictionary in which these stand for their namesakes, and the new ones at the end."""
        return Dictionary(tuple((self._by_name | {v.name: v for v in variables}).values()))


def _like(initial: str, noun: str) -> str:
    """The noun with a capital where the word that it stands for had one."""
    return noun[0].upper() + noun[1:] if initial.isupper() else noun


def one_line(text: str) -> str:
    """The text with a space for every control character and line end."""
    return _CONTROL.sub(" ", text)


def lower_first(label: str) -> str:
    """Lower-case a label's first letter inside a sentence; acronyms and names keep theirs."""
    is_word = _PLAIN_WORD.match(label) is not None and _PROPER.match(label) is None
    return label[0].lower() + label[1:] if is_word else label


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint naming the closest known name, or an empty text."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
