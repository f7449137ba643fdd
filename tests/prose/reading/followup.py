"""How long patients were followed, and how completely."""

from __future__ import annotations

import re

from reading.numbers import CI, N
from reading.reader import G, Reader, pattern

_MEDIAN = rf"(?:{N}|not reached)"


_DEFINITIONS = {
    "last contact of the living": "survivors",
    "last contact or death, all patients": "all_patients",
    " to data lock": "potential",
}


@pattern(
    rf"Median follow-up by reverse Kaplan-Meier was (?P<all>{N} months|not reached)"
    rf"(?: \((?P<ci>{CI}|{N}% CI [^)]+)\))?: (?P<arms>{_MEDIAN} in {G}(?:(?:, | and ){_MEDIAN} "
    rf"in {G})*)\."
)
def median_followup(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "followup", "outcome": "followup", "variable": "reverse_kaplan_meier"}
    value, low, high = reader.estimate("median", **key, population="infused")
    reader.number(match["all"].removesuffix(" months"), value, "the median")
    if match["ci"]:
        level, _, text = match["ci"].partition("% CI ")
        reader.number(level, reader.world.parameters.confidence_level, "the level", scale=100)
        ends = text.replace(" to ", "–").split("–")
        for end, limit in zip(ends, (low, high), strict=False):
            reader.number(end, limit, "an end of the interval")
    for item in reader.items(match["arms"], rf"({_MEDIAN}) in ({G})"):
        group = reader.group(item[2])
        where = f"infused[{group.variable}={group.level}]"
        median = reader.value(**key, population=where, statistic="median")
        reader.number(item[1], median, f"the median in {group.phrase}")


@pattern(r"By other definitions in use the same patients give (?P<parts>.+?)\.")
def other_definitions(reader: Reader, match: re.Match[str]) -> None:
    pieces = re.findall(rf"({_MEDIAN}) as (.+?)(?=(?:, | and )(?:{_MEDIAN}) as|$)", match["parts"])
    reader.expect(len(pieces) == 3, f"{len(pieces)} definitions")
    for text, name in pieces:
        found = [v for k, v in _DEFINITIONS.items() if name.casefold().endswith(k)]
        reader.expect(bool(found), f"no definition is called {name}")
        key = {"analysis": "followup", "outcome": "followup", "population": "infused"}
        median = reader.value(**key, variable=(found or [""])[0], statistic="median")
        reader.number(text, median, name)


@pattern(
    rf"Of the time that could have been observed by the data lock, (?P<all>{N})% was \(Clark's "
    rf"C\): "
    rf"(?P<arms>(?:{N}%|not estimable) in {G}(?:(?:, | and )(?:{N}%|not estimable) in {G})*)\."
)
def completeness(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "followup", "outcome": "followup", "variable": "completeness"}
    key["statistic"] = "completeness"
    reader.number(match["all"], reader.value(**key, population="infused"), "C", scale=100)
    for item in reader.items(match["arms"], rf"({N}|not estimable)%? in ({G})"):
        group = reader.group(item[2])
        where = f"infused[{group.variable}={group.level}]"
        share = reader.value(**key, population=where)
        reader.number(item[1], share, f"C in {group.phrase}", scale=100)
