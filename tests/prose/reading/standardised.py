"""How many more are free of the event among patients alike."""

from __future__ import annotations

import re
from math import isnan

from reading.adjusted import LABEL, ladder_key
from reading.numbers import CI, N
from reading.reader import G, Reader, pattern

ADJUSTED = ("outcome", "iptw", "overlap", "robust", "imputed")


def _points(reader: Reader, text: str, found: tuple[float, float, float], what: str) -> None:
    """`−11 (95% CI −29 to 4)` of proportions in percent."""
    value, low, high = found
    printed, _, rest = text.partition(" (")
    reader.number(printed.rstrip("%"), value, what, scale=100)
    reader.interval(rest[:-1], low, high, scale=100)


@pattern(
    rf"(?P<label>[^:,.]+?)(?:, (?P<who>[^:.]+?))?: had all (?P<n>{N}) patients? with every "
    rf"covariate been in (?P<a>{G}), (?P<first>{N}% \({CI}\)) would be free of the event at "
    rf"(?P<time>{N}) months, and (?P<second>{N}% \({CI}\)) had all been in (?P<b>{G})\."
)
def had_all_been(reader: Reader, match: re.Match[str]) -> None:
    time = float(max(reader.world.parameters.landmarks))
    reader.number(match["time"], time, "the last landmark", digits=1)
    outcome = reader.outcome(match["label"])
    whole = {"analysis": "standardised", "outcome": outcome, "population": "infused"}
    reader.count(match["n"], reader.value(**whole, statistic="n"))
    for text, phrase in ((match["first"], match["a"]), (match["second"], match["b"])):
        group = reader.group(phrase)
        where = f"infused[{group.variable}={group.level}]"
        key = {"outcome": outcome, "population": where, "time_months": time}
        found = reader.estimate("survival", analysis="standardised_outcome", **key)
        _points(reader, text, found, f"survival in {phrase}")
    told = {"outcome": outcome, "population": "infused", "time_months": time}
    reader.memory["standardised"] = told | ladder_key(reader, match["a"], match["b"])


@pattern(
    rf"That is a difference of (?P<value>{N}) percentage points \((?P<ci>{CI})\)(?:"
    r"(?P<none>, which is unclear)"
    r"|: (?P<way>more|fewer) would be free of the event|)\."
)
def difference_of_all(reader: Reader, match: re.Match[str]) -> None:
    key = reader.memory["standardised"]
    found = reader.estimate("survival_difference", analysis="standardised_outcome", **key)
    _points(reader, f"{match['value']} ({match['ci']})", found, "the difference")
    _, low, high = found
    told = "none" if match["none"] else match["way"]
    reader.expect(told == _told(low, high), f"the interval is {low} to {high}")


def _told(low: float, high: float) -> str | None:
    if isnan(low) or isnan(high):
        return None
    return "none" if low <= 0 <= high else "more" if low > 0 else "fewer"


@pattern(rf"The crude one is (?P<value>{N} \({CI}\))\.")
def crude_difference(reader: Reader, match: re.Match[str]) -> None:
    key = reader.memory["standardised"]
    found = reader.estimate("survival_difference", analysis="standardised_crude", **key)
    _points(reader, match["value"], found, "the crude")


@pattern(
    rf"The (?P<n>{N}) adjusted estimates lie between (?P<low>{N}) and (?P<high>{N}), "
    rf"(?P<how>within|more than) (?P<bound>{N}) points"
    r"(?: of each other| apart: the answer rests on the model)\."
)
def by_the_others(reader: Reader, match: re.Match[str]) -> None:
    key = reader.memory["standardised"] | {"statistic": "survival_difference"}
    rows = [reader.world.row(analysis=f"standardised_{x}", **key) for x in ADJUSTED]
    known = [x["value"] for x in rows if x is not None and not isnan(x["value"])]
    reader.count(match["n"], len(known), "the adjusted")
    for name, choose in (("low", min), ("high", max)):
        reader.number(match[name], choose(known), name, scale=100)
    reader.number(match["bound"], 0.05, "what is called near", scale=100)
    near = max(known) - min(known) <= 0.05
    reader.expect(near == (match["how"] == "within"), f"they are {known}")


@pattern(
    rf"{LABEL}(?:, [^:.]+?)?: at (?P<time>{N}) months the standardised difference is not "
    r"estimable\."
)
def no_difference(reader: Reader, match: re.Match[str]) -> None:
    rows = reader.world.where(
        "standardised_outcome",
        outcome=reader.outcome(match["label"]),
        statistic="survival_difference",
    )
    reader.expect(any(isnan(x["value"]) for x in rows), "it is")


@pattern(
    rf"{LABEL}: survival is not standardised with (?P<events>{N}) events? in {N} groups? of "
    rf"complete cases; that takes {N} events and a patient in each group\."
)
def not_standardised(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.outcome(match["label"])
    reader.expect(not reader.world.where("standardised", outcome=outcome), "it is")
    model = {"analysis": "cox_ladder_baseline", "outcome": outcome, "population": "infused"}
    reader.count(match["events"], reader.value(**model, statistic="events"), "the events")
