"""Toxicity and response: counts by group, their differences, when toxicity begins."""

from __future__ import annotations

import re
from math import isnan

from reading.common import COUNTS, WHATS, counts
from reading.numbers import CI, N, P
from reading.reader import G, Reader, pattern

_COUNTED = {
    r"Among the evaluable, CRS of any grade occurred in": WHATS["CRS of any grade"],
    r"Among the evaluable, ICANS of any grade occurred in": WHATS["ICANS of any grade"],
    r"Death within 30 days of infusion was recorded for": WHATS["death within 30 days"],
    r"Among patients with an evaluable response, CR or CRi was reached by": (
        WHATS["CR or CRi among the evaluable"]
    ),
    r"Over all infused patients the counts are": WHATS["CR or CRi over all infused"],
    r"The response was not evaluable for": WHATS["a response that was not evaluable"],
    r"MRD-negative remission, counted among the evaluable, was reached by": (
        WHATS["MRD-negative remission"]
    ),
    r"Among responders whose MRD was tested the counts are": (
        "response",
        "mrd_negative",
        "mrd_tested_responders",
    ),
    r"Consolidation or maintenance followed response in": WHATS["consolidation or maintenance"],
    r"Among responders, relapse was recorded in": WHATS["relapse among responders"],
}

_REASONS = {
    "on or after the day of relapse": "after_relapse",
    "before the response": "before_response",
    "without a response": "without_response",
    "recorded as salvage": "recorded",
}


@pattern(rf"(?P<start>{'|'.join(_COUNTED)}) (?P<counts>{COUNTS})\.")
def counts_by_group(reader: Reader, match: re.Match[str]) -> None:
    analysis, outcome, base = _COUNTED[match["start"]]
    counts(reader, match["counts"], analysis=analysis, outcome=outcome, population=base)


@pattern(
    rf"Treatment outside remission is salvage and counts as no consolidation; it was given to "
    rf"(?P<counts>{COUNTS}): (?P<reasons>[^.]+)\."
)
def salvage(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "response", "outcome": "salvage", "population": "infused"}
    counts(reader, match["counts"], **key)
    told = 0.0
    for item in reader.items(match["reasons"], rf"({N}) ({'|'.join(_REASONS)})"):
        at = {"variable": "salvage_reason", "level": _REASONS[item[2]]}
        reader.count(item[1], reader.value(**key, **at, statistic="count"), item[2])
        told += float(item[1])
    reader.expect(told == reader.value(**key, variable="", statistic="count"), "they do not add up")


@pattern(
    rf"Among patients with (?P<name>CRS|ICANS), grade 3 to 4 was reached by (?P<counts>{COUNTS}); "
    rf"the distribution of grades gives (?P<p>{P})(?:, by Fisher's exact test (?P<exact>{P}))?\."
)
def severe_of_affected(reader: Reader, match: re.Match[str]) -> None:
    name = match["name"].lower()
    key = {
        "analysis": "toxicity",
        "outcome": name,
        "population": f"{name}_affected",
        "variable": f"{name}_grade_group",
    }
    counts(reader, match["counts"], **key, level="grade_3_4")
    reader.p(match["p"], reader.value(**key, contrast=pair(reader), statistic="p_value"))
    exact = reader.world.row(**key, contrast=pair(reader), statistic="fisher_p_value")
    reader.expect(bool(match["exact"]) == bool(exact), f"{exact} is not said")
    if exact and match["exact"]:
        reader.p(match["exact"], exact["value"])


def pair(reader: Reader) -> str:
    """The contrast of two groups; of more, a test has none."""
    groups = reader.world.of(reader.world.exposure)
    return f"{groups[1].level}_vs_{groups[0].level}" if len(groups) == 2 else ""


@pattern(
    rf"Sinusoidal obstruction syndrome caused (?P<n>{N}) of the deaths \((?P<counts>{COUNTS})\); "
    rf"(?:(?P<after>{N}) of them|(?P<none>none of them)|(?P<all>that one|both|all of them)) "
    r"followed consolidation by allogeneic transplantation\."
)
def obstruction(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "toxicity", "outcome": "sos_death"}
    deaths = reader.value(**key, population="infused", statistic="count")
    reader.count(match["n"], deaths)
    reader.expect(deaths > 0, "nobody died of it")
    counts(reader, match["counts"], **key, population="infused")
    after = {"population": "sos_deaths", "variable": "consolidation", "level": "allo_hct"}
    followed = reader.value(**key, **after, statistic="count")
    reader.expect(bool(match["all"]) == (followed == deaths), f"{followed} of {deaths}")
    reader.expect(bool(match["none"]) == (followed == 0), f"{followed} of {deaths}")
    words = {1: "that one", 2: "both"}
    reader.expect(match["all"] in (None, words.get(deaths, "all of them")), f"of {deaths}")
    if match["after"]:
        reader.count(match["after"], followed)


@pattern(r"No death was attributed to sinusoidal obstruction syndrome\.")
def no_obstruction(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "toxicity", "outcome": "sos_death", "population": "infused"}
    reader.count("0", reader.value(**key, statistic="count"))


@pattern(
    rf"The choice of denominator decides the test here: (?P<p>{P}) (?P<one>among the evaluable|"
    rf"among responders), (?P<q>{P}) over all infused\."
)
def denominator_decides(reader: Reader, match: re.Match[str]) -> None:
    outcome, base = ("cr_cri", "response_evaluable")
    if match["one"] == "among responders":
        outcome, base = "relapse", "responders"
    key = {"analysis": "response", "outcome": outcome, "contrast": pair(reader)}
    values = [reader.value(**key, population=x, statistic="p_value") for x in (base, "infused")]
    for text, value in zip((match["p"], match["q"]), values, strict=True):
        reader.p(text, value)
    reader.expect((values[0] < 0.05) != (values[1] < 0.05), "it decides nothing")


_BY_DAY = rf"(?:{N}%(?: \({CI}\))?|an unknown share) by day {N}"
_ONSET = rf"in {G} in {_BY_DAY}(?:(?:, | and ){_BY_DAY})*"


@pattern(rf"(?P<name>CRS|ICANS)[^.;]*? had begun (?P<groups>{_ONSET}(?:; {_ONSET})*)\.")
def onset(reader: Reader, match: re.Match[str]) -> None:
    name = match["name"].lower()
    reader.memory["syndrome"], named = name, []
    for one in match["groups"].split("; "):
        parts = re.fullmatch(rf"in ({G}) in (.+)", one)
        assert parts
        group = reader.group(parts[1])
        named.append(group.level)
        for item in reader.items(
            parts[2], rf"(?:({N})%(?: \(({CI})\))?|an unknown share) by day ({N})"
        ):
            _begun(reader, item, name, f"{name}_evaluable[{group.variable}={group.level}]")
    every = [x.level for x in reader.world.of(reader.world.exposure)]
    reader.expect(sorted(named) == sorted(every), f"the groups are {every}")


def _begun(reader: Reader, item: re.Match[str], name: str, where: str) -> None:
    day = float(item[3])
    times = {x["time_months"] for x in reader.world.where(analysis="toxicity_onset", outcome=name)}
    month = next((x for x in times if x is not None and abs(x * 30.4375 - day) < 0.01), None)
    key = {"analysis": "toxicity_onset", "outcome": name, "population": where}
    value, low, high = reader.estimate("incidence", **key, time_months=month)
    reader.expect(isnan(value) == (item[1] is None), f"the share by day {day} is {value}")
    if item[1]:
        reader.number(item[1], value, "the incidence", scale=100)
    if item[2]:
        reader.interval(item[2], low, high, scale=100)
    reader.expect(isnan(low) or isnan(value) or bool(item[2]), "the interval is left out")


@pattern(
    rf"Before (?P<name>CRS|ICANS) began, (?P<n>{N}|nobody) died by day (?P<day>{N})(?::"
    rf" (?P<groups>{N} in {G}(?:(?:, | and ){N} in {G})*))?\."
)
def died_before_onset(reader: Reader, match: re.Match[str]) -> None:
    name, total = match["name"].lower(), 0.0
    rows = reader.world.where("toxicity_onset", outcome=name, statistic="competing_events")
    times = [x["time_months"] for x in reader.world.where("toxicity_onset", outcome=name)]
    last = max(x * 30.4375 for x in times if x is not None)
    reader.number(match["day"], last, "the last day")
    whole = sum(x["value"] for x in rows)
    reader.count("0" if match["n"] == "nobody" else match["n"], whole, "the deaths")
    for item in reader.items(match["groups"], rf"({N}) in ({G})") if match["groups"] else []:
        group = reader.group(item[2])
        where = f"{name}_evaluable[{group.variable}={group.level}]"
        key = {"analysis": "toxicity_onset", "outcome": name, "population": where}
        reader.count(item[1], reader.value(**key, statistic="competing_events"), group.phrase)
        total += float(item[1])
    reader.expect(not match["groups"] or total == whole, "the deaths do not add up")


@pattern(
    rf"(?P<n>{N}) patients? with it (?P<verb>has|have) no date of onset and are left out, "
    r"which makes the curves too low\."
)
def undated(reader: Reader, match: re.Match[str]) -> None:
    name = reader.memory.get("syndrome", "")
    key = {"analysis": "toxicity_onset", "outcome": name, "population": f"{name}_affected"}
    reader.count(match["n"], reader.value(**key, statistic="excluded"))
    reader.expect((match["n"] == "1") == (match["verb"] == "has"), "singular or plural")


@pattern(rf"Gray's test (?:gives (?P<p>{P})|cannot be made)\.")
def gray(reader: Reader, match: re.Match[str]) -> None:
    if "syndrome" in reader.memory:
        name = reader.memory["syndrome"]
        key = {"analysis": "toxicity_onset", "outcome": name, "population": f"{name}_evaluable"}
    else:
        outcome = reader.memory.get("cause", "")
        key = {"analysis": "competing_risks", "outcome": outcome, "population": "infused"}
    value = reader.value(**key, contrast=pair(reader), statistic="p_value")
    reader.p(match["p"] or "P not estimable", value)
