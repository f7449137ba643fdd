"""The columns of a claims file and the words they may hold: reader and documentation use these."""

from __future__ import annotations

from dataclasses import dataclass

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
