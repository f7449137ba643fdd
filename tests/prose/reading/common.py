"""What sentences of several chapters share: counts by group, contrasts, what an interval allows."""

from __future__ import annotations

import re
from math import isnan

from reading.numbers import CI, N, P
from reading.reader import G, Reader, pattern

COUNTS = rf"{N} of {N}(?: \({N}%\))? in {G}(?:(?:, | and ){N} of {N}(?: \({N}%\))? in {G})*"
OPEN = (
    r"the interval (?:includes a (?:halved and a doubled|doubled|halved) hazard"
    r"|excludes both a halved and a doubled hazard)"
)
EVENTS = (
    rf"(?P<events>{N}) events? in (?:the two groups"
    rf"|(?P<own>{G}) and (?P<others>{N}) in (?P<reference>{G}))"
)
# What is counted, in words: outcome, base, variable.
WHATS = {
    "CRS of any grade": ("toxicity", "crs", "crs_evaluable"),
    "ICANS of any grade": ("toxicity", "icans", "icans_evaluable"),
    "death within 30 days": ("toxicity", "death_30d", "infused"),
    "CR or CRi among the evaluable": ("response", "cr_cri", "response_evaluable"),
    "CR or CRi over all infused": ("response", "cr_cri", "infused"),
    "a response that was not evaluable": ("response", "response_not_evaluable", "infused"),
    "MRD-negative remission": ("response", "mrd_negative", "response_evaluable"),
    "consolidation or maintenance": ("response", "consolidation_any", "responders"),
    "relapse among responders": ("response", "relapse", "responders"),
}


def openness(reader: Reader, text: str, low: float, high: float) -> None:
    """What an interval is said to include is what lies in it; it contains 1."""
    reader.expect(low <= 1 <= high, f"the interval {low}, {high} leaves nothing open about 1")
    halved, doubled = low <= 0.5, high >= 2
    says_none = "excludes both" in text
    says_both = not says_none and "halved and a doubled" in text
    reader.expect(says_both == (halved and doubled), f"{text}: {low} to {high}")
    reader.expect(says_none == (not halved and not doubled), f"{text}: {low} to {high}")
    if not says_both and not says_none:
        reader.expect(("halved" in text) == halved, f"{text}: {low} to {high}")
        reader.expect(("doubled" in text) == doubled, f"{text}: {low} to {high}")


def counts(reader: Reader, text: str, **key: str) -> None:
    """`75 of 85 (88%) in the exposed group and ...`: every group once, numbers and sum right."""
    base, variable = key.pop("population"), reader.world.exposure
    named, total = [], 0.0
    for item in reader.items(text, rf"({N}) of ({N})(?: \(({N})%\))? in ({G})"):
        group = reader.group(item[4], variable)
        where = f"{base}[{variable}={group.level}]"
        row = reader.row(**key, population=where, statistic="count")
        reader.count(item[1], row["value"], f"the count in {group.phrase}")
        reader.count(item[2], row["denominator"], f"the denominator in {group.phrase}")
        share = reader.value(**key, population=where, statistic="proportion")
        reader.expect(bool(item[3]) == (row["denominator"] > 0), "a share of nobody, or none")
        if item[3]:
            reader.number(item[3], share, "the share", scale=100)
        named.append(group.level)
        total += row["value"]
    every = sorted(x.level for x in reader.world.of(variable))
    reader.expect(sorted(named) == every, f"the groups are {every}, not {named}")
    whole = reader.world.row(**key, population=base, statistic="count")
    reader.expect(whole is None or whole["value"] == total, "the groups do not add up")


def contrast(reader: Reader, subject: str, reference: str, variable: str = "") -> str:
    """`exposed_vs_naive` of two phrases."""
    one, other = (reader.group(x, variable) for x in (subject, reference))
    reader.expect(other.is_reference, f"{reference} is not the reference")
    return f"{one.level}_vs_{other.level}"


def contrast_of_two(
    reader: Reader, subject: str | None, reference: str | None, variable: str
) -> str:
    """The contrast of two phrases; of two groups that were just named one or both are left out."""
    groups = reader.world.of(variable)
    if reference and subject:
        return contrast(reader, subject, reference, variable)
    reader.expect(len(groups) == 2, f"which of {len(groups)} groups are compared is not said")
    (base,) = [x.level for x in groups if x.is_reference]
    (other,) = [x.level for x in groups if not x.is_reference][:1]
    reader.expect(
        not subject or reader.group(subject, variable).level == other, f"{subject} is the reference"
    )
    return f"{other}_vs_{base}"


@pattern(
    rf"(?:(?P<more>(?:(?!\. )[^⟦])+?) was (?P<way>more|less) frequent in (?P<a>{G})(?: than in "
    rf"(?P<b>{G}))?"
    rf"|The frequency of (?P<what>.+?) did not differ clearly"
    rf"(?: between (?P<c>{G}) and (?P<d>{G}))?)"
    rf" \(difference (?P<value>{N}) percentage points, (?P<ci>{CI})(?:, (?P<p>{P}))?"
    rf"(?:, by Fisher's exact test (?P<exact>{P}))?"
    r"(?P<apart>; interval and test disagree)?\)\."
)
def difference_between_groups(reader: Reader, match: re.Match[str]) -> None:
    what = match["what"] or match["more"]
    key = what_key(reader, _lowered(what))
    subject, reference = (match[x] or match[y] for x, y in (("a", "c"), ("b", "d")))
    key["contrast"] = contrast_of_two(reader, subject, reference, reader.world.exposure)
    value, low, high = reader.estimate("difference", **key)
    reader.number(match["value"], value, "the difference", scale=100)
    reader.interval(match["ci"], low, high, scale=100)
    clear = low > 0 or high < 0
    reader.expect(clear == bool(match["way"]), f"the interval is {low} to {high}")
    if match["way"]:
        reader.expect((match["way"] == "more") == (low > 0), f"the interval is {low} to {high}")
    agree_with_test(reader, match, key, clear)


def agree_with_test(reader: Reader, match: re.Match[str], key: dict[str, str], clear: bool) -> None:
    """The P value of two groups stands beside the words; where the two disagree it is said."""
    groups = len(reader.world.of(reader.world.exposure))
    reader.expect(
        bool(match["p"]) == (groups == 2 and "level" not in key), "a test too many or few"
    )
    if not match["p"]:
        return
    p_value = reader.value(**key, statistic="p_value")
    reader.p(match["p"], p_value)
    exactly(reader, match, key)
    alpha = 1 - reader.world.parameters.confidence_level
    apart = not isnan(p_value) and (p_value < alpha) != clear
    reader.expect(apart == bool(match["apart"]), f"P {p_value} beside a clear difference: {clear}")


def exactly(reader: Reader, match: re.Match[str], key: dict[str, str]) -> None:
    """Fisher's P stands where the results hold one, and in no other place."""
    held = reader.world.row(**key, statistic="fisher_p_value")
    reader.expect((held is not None) == bool(match["exact"]), "Fisher's test too many or few")
    if held and match["exact"]:
        reader.p(match["exact"], held["value"])


@pattern(rf"The difference in (?P<what>.+?) between (?P<a>{G}) and (?P<b>{G}) is not estimable\.")
def difference_not_estimable(reader: Reader, match: re.Match[str]) -> None:
    key = what_key(reader, match["what"]) | {"contrast": contrast(reader, match["a"], match["b"])}
    reader.expect(isnan(reader.value(**key, statistic="difference")), "it is estimable")


def what_key(reader: Reader, what: str) -> dict[str, str]:
    """Key of what is compared: a named event, or a variable's missing values."""
    reader.memory["what"] = what
    found = WHATS.get(what) or WHATS.get(what[:1].upper() + what[1:])
    if what.casefold().startswith("a missing value of "):
        held = {x["variable"] for x in reader.world.where("missing_values")}
        variable = reader.world.variable(what[len("a missing value of ") :], held)
        reader.expect(bool(variable), f"no variable is called so: {what}")
        return {
            "analysis": "missing_values",
            "population": "infused",
            "variable": variable,
            "level": "missing",
        }
    reader.expect(found is not None, f"what is {what}?")
    return dict(zip(("analysis", "outcome", "population"), found or ("", "", ""), strict=True))


@pattern(
    rf"The test over all groups gives (?P<p>{P})(?:, by Fisher's exact test (?P<exact>{P}))?\."
)
def test_over_all_groups(reader: Reader, match: re.Match[str]) -> None:
    key = what_key(reader, reader.memory.get("what", ""))
    reader.expect(len(reader.world.of(reader.world.exposure)) > 2, "there are two groups only")
    reader.p(match["p"], reader.value(**key, statistic="p_value"))
    exactly(reader, match, key)


def _lowered(what: str) -> str:
    return what if what in WHATS or what[:3].isupper() else what[:1].lower() + what[1:]


def events_compared(reader: Reader, match: re.Match[str], key: dict[str, str]) -> None:
    """The events of both groups together, or those of each."""
    levels = key["contrast"].split("_vs_")
    at = {name: value for name, value in key.items() if name not in ("level", "contrast")}
    own, others = (
        reader.world.where(**at, level=level, statistic="events_at_level")[0]["value"]
        for level in levels
    )
    if not match["own"]:
        reader.count(match["events"], own + others, "the events")
        return
    said = [reader.group(match[x], key["variable"]).level for x in ("own", "reference")]
    reader.expect(said == levels, f"the groups are {levels}, not {said}")
    reader.count(match["events"], own, "the group's events")
    reader.count(match["others"], others, "the reference's events")
