"""One number that an article prints: its key, the words of its line, what it can be at all."""

from __future__ import annotations

from dataclasses import dataclass

from analysis_lib.results.rows import Key
from analysis_lib.results.vocabulary import OF_CLAIMS

COMPARATORS = {
    "=": "the number itself, as rounded",
    "<": "below",
    "<=": "at most",
    ">": "above, such as 50 for “over half”",
    ">=": "at least",
    "~": "about",
}
DENOMINATOR_SOURCES = {
    "printed": "the sentence, or the head of the table's column, gives it for this number",
    "derived": "it follows from other printed numbers: the only one that fits the count and its "
    "percent, a sum, or what a printed P value needs",
    "assumed": "one reading of several that fit",
    "unknown": "the article does not say and nothing tells; the denominator stays empty",
    "": "the number is not of some of the patients: a P value, a total",
}
OUT_OF_SCOPE = {
    "context": "numbers of other studies",
    "design": "rules, bounds, levels of confidence and dates of the study itself",
}
MODEL_BASE = "model"
BOUNDS = ("minimum", "maximum")  # what a line of the design may say of a variable


@dataclass(frozen=True)
class Column:
    """What a column holds, and which entries it may have."""

    meaning: str
    may_be: str


COLUMNS = {
    "claim_id": Column("unique name of the line", "any text"),
    "section": Column(
        "chapter of the report in which the number is compared; one key, one section",
        "any text; `context` and `design` are kept for the record and never compared",
    ),
    "analysis": Column("first part of the key: the analysis", "a word of the results table"),
    "outcome": Column(
        "what is measured after infusion", "a variable of the dictionary, or empty"
    ),
    "population": Column(
        "the patients who reproduce the number, even where the sentence names others",
        "`base` or `base[variable=level]`",
    ),
    "variable": Column(
        "characteristic, or term of a model; in `design` the variable that a rule bounds",
        "a variable, or empty",
    ),
    "level": Column("level of that variable", "a level; empty in a P value of a whole factor"),
    "contrast": Column("what is compared with what", "`<level>_vs_<reference>`, or empty"),
    "time_months": Column("landmark of an estimate over time", "months, or empty"),
    "statistic": Column(
        "which number of them it is",
        "a word of the results table; in `design` empty, or minimum or maximum of the variable",
    ),
    "value": Column(
        "the number as printed, digits and point only: 54 for 54%, 0.05 for .05, words as digits",
        "a number with all its printed decimals; a date as ISO text (2023-10, 2023-10-30)",
    ),
    "comparator": Column("how the number is printed", "see below"),
    "printed_decimals": Column("decimals of the printed number", "0, 1, 2 ..."),
    "unit": Column(
        "unit as printed; `%` stands for a proportion of the results times 100",
        "a unit of the results table or `%`; any unit in `context` and `design`",
    ),
    "base": Column(
        "whom the number is about, without the group: infused, evaluable, affected, responders",
        f"the base of the population; `{MODEL_BASE}` for the patients of a regression model",
    ),
    "denominator": Column("how many patients that is in the group", "a whole number, or empty"),
    "denominator_source": Column("how the denominator is known", "see below"),
    "p_scope": Column(
        "what the sentence attaches a P value to",
        "`as printed` where that is what the test compares, else the sentence's own words; "
        "empty for every other statistic",
    ),
    "source": Column("place in the article", "any text"),
    "note": Column(
        "what a reader must know; in `context` and `design`, what the number is", "any text"
    ),
}  # fmt: skip


KEY_COLUMNS = Key._fields


@dataclass(frozen=True)
class Claim:
    """One printed number; `value` is `printed` as a number, nan for a date."""

    claim_id: str
    section: str
    key: Key
    printed: str
    value: float
    comparator: str
    decimals: int
    unit: str
    base: str
    denominator: int | None
    denominator_source: str
    p_scope: str
    source: str
    note: str

    def row(self, statistic: str) -> Key:
        """The key of the results that holds the printed number, or how far from it ours is."""
        return Key(OF_CLAIMS, level=self.claim_id, statistic=statistic)

    @property
    def in_scope(self) -> bool:
        """Whether the number is about this cohort, so that results can be set beside it."""
        return self.section not in OUT_OF_SCOPE


PROPORTIONS = (
    "proportion",
    "proportion_ci_low",
    "proportion_ci_high",
    "survival",
    "survival_ci_low",
    "survival_ci_high",
)
P_VALUES = ("p_value", "lr_p_value", "ph_p_value")
HAZARD_RATIOS = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")
COUNTS = (
    "count",
    "n",
    "n_evaluable",
    "n_at_level",
    "events",
    "events_at_level",
    "events_to_date",
    "at_risk",
    "excluded",
    "remaining",
)


def value_findings(line: dict[str, str]) -> list[str]:
    """Why the value of a well written line cannot be what its statistic says.

    Whether it agrees with other numbers is a question for the audit.
    """
    statistic, value = line["statistic"], line["value"]
    if statistic in PROPORTIONS:
        return _proportion_findings(line)
    if statistic in P_VALUES and not 0 <= float(value) <= 1:
        return [f"value must be a P value from 0 to 1, but is {value!r}; correct it or statistic"]
    if statistic in P_VALUES and line["unit"]:
        return [f"unit must be empty for a P value, but is {line['unit']!r}; remove it"]
    # 0.00 is printed for what rounds to it.
    if statistic in HAZARD_RATIOS and (float(value) < 0 or value == "0"):
        return [f"value must be above 0 for a hazard ratio, but is {value!r}; correct it"]
    if statistic in COUNTS:
        return _count_findings(line)
    return []


def _proportion_findings(line: dict[str, str]) -> list[str]:
    value, unit = line["value"], line["unit"]
    highest = {"%": 100, "proportion": 1}.get(unit)
    if highest is None:
        return [f"unit must be % or proportion for {line['statistic']}, but is {unit!r}; set it"]
    if not 0 <= float(value) <= highest:
        return [
            f"value must be from 0 to {highest} in {unit}, but is {value!r}; correct it or the unit"
        ]
    return []


def _count_findings(line: dict[str, str]) -> list[str]:
    value, denominator = line["value"], line["denominator"]
    if float(value) < 0 or line["printed_decimals"] != "0":
        return [
            f"value must be a whole number of patients, but is {value!r}; a percent belongs in a "
            "line of its own with statistic proportion"
        ]
    if denominator.isdecimal() and 0 < int(denominator) < int(value):
        return [
            f"denominator must be at least the count, {value}, but is {denominator!r}; correct "
            "one of the two"
        ]
    return []
