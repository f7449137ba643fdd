"""Survival at the landmarks, the log-rank test and the hazard ratios."""

from __future__ import annotations

import re
from math import isnan

from reading.causes import cause_named
from reading.common import OPEN, contrast_of_two, openness
from reading.numbers import CI, N, P, number
from reading.reader import G, Reader, pattern

_AT = rf"(?:{N}%(?: \({CI}\))? in {G}|not estimable in {G} \(follow-up ends before\))"


def analysis_of(reader: Reader) -> str:
    """By what the curves of a chapter are told apart: its heading says it."""
    heading = reader.place.heading
    if heading.startswith("By response"):
        return "survival_by_response"
    return "survival_by_timing" if heading.startswith("By timing") else "survival_by_exposure"


def variable_of(reader: Reader, analysis: str) -> str:
    """The variable whose groups an analysis describes."""
    for row in reader.world.where(analysis):
        if "[" in row["population"]:
            return str(row["population"]).partition("[")[2].partition("=")[0]
    return ""


@pattern(
    rf"At (?P<time>{N}) months, (?P<name>[^,]+?) was (?P<groups>{_AT}(?:(?:, | and ){_AT})*)\."
)
def at_a_landmark(reader: Reader, match: re.Match[str]) -> None:
    name = match["name"]
    cause = re.fullmatch("the cumulative incidence of (.+)", name)
    if cause:
        outcome, analysis, statistic = cause_named(reader, cause[1]), "competing_risks", "incidence"
        reader.memory["cause"] = outcome
    else:
        outcome = reader.memory.get("outcome", "") if name == "it" else reader.outcome(name)
        analysis, statistic = analysis_of(reader), "survival"
        reader.memory["outcome"] = outcome
    variable = variable_of(reader, analysis)
    key = {"analysis": analysis, "outcome": outcome}
    time, named = number(match["time"]), []
    for item in reader.items(
        match["groups"], rf"(?:({N})%(?: \(({CI})\))? in ({G})|not estimable in ({G}) \([^)]+\))"
    ):
        group = reader.group(item[3] or item[4], variable)
        named.append(group.level)
        where = f"infused[{variable}={group.level}]"
        _at(reader, item, statistic, time, **key, population=where)
    held = {
        x["population"] for x in reader.world.where(**key, statistic=statistic, time_months=time)
    }
    reader.expect(len(named) == len(set(named)) == len(held), f"{len(held)} groups, not {named}")


def _at(reader: Reader, item: re.Match[str], statistic: str, time: float, **key: str) -> None:
    value, low, high = reader.estimate(statistic, **key, time_months=time)
    reader.expect(isnan(value) == (item[1] is None), f"{key} at {time}: {value}")
    if not item[1]:
        if statistic == "survival":
            reader.expect(reader.value(**key, statistic="maximum") < time, "follow-up goes on")
        return
    reader.number(item[1], value, statistic, scale=100)
    reader.expect(isnan(low) == (item[2] is None), "an interval too many or too few")
    if item[2]:
        reader.interval(item[2], low, high, scale=100)


@pattern(rf"The log-rank test(?: of (?P<groups>{G}(?:(?:, | and ){G})*))? gives (?P<p>{P})\.")
def log_rank(reader: Reader, match: re.Match[str]) -> None:
    analysis = analysis_of(reader)
    variable = variable_of(reader, analysis)
    every = reader.world.of(variable)
    named = [x.level for x in every]
    if match["groups"]:
        named = [reader.group(x[0], variable).level for x in reader.items(match["groups"], G)]
    (row,) = reader.world.where(
        analysis=analysis, outcome=reader.memory.get("outcome"), statistic="p_value"
    ) or [{"contrast": "", "value": float("nan")}]
    reader.p(match["p"], row["value"])
    ratios = reader.world.where(
        analysis=analysis, outcome=reader.memory.get("outcome"), statistic="hazard_ratio"
    )
    tested = {x for row in ratios for x in row["contrast"].split("_vs_")}
    reader.expect(set(named) == tested, f"the test is of {tested}, not of {named}")


_WAY = rf"was (?P<way>higher|lower) in (?P<a>{G})(?: than in (?P<b>{G}))?"


_SAME = rf"did not differ clearly(?: between (?P<c>{G}) and (?P<d>{G}))?"


@pattern(
    rf"The hazard of (?P<event>relapse or death|relapse, non-response or death|death) "
    rf"(?:{_WAY}|{_SAME}) "
    rf"\(hazard ratio (?P<value>{N}), (?P<ci>{CI})\)(?:; (?P<open>{OPEN}))?\."
)
def hazard(reader: Reader, match: re.Match[str]) -> None:
    subject, reference = match["a"] or match["c"], match["b"] or match["d"]
    key = hazard_key(reader, subject, reference, match["event"])
    value, low, high = reader.estimate("hazard_ratio", **key)
    reader.number(match["value"], value, "the hazard ratio")
    reader.interval(match["ci"], low, high)
    if match["way"]:
        reader.expect((match["way"] == "higher") == (low > 1), f"interval {low} to {high}")
        reader.expect((match["way"] == "lower") == (high < 1), f"interval {low} to {high}")
        reader.expect(not match["open"], "a clear difference leaves nothing open")
    else:
        reader.expect(bool(match["open"]), "what the interval leaves open is not said")
        openness(reader, match["open"] or "", low, high)


@pattern(
    rf"The hazard ratio of (?P<event>relapse or death|relapse, non-response or death|death) for "
    rf"(?P<a>{G}) against (?P<b>{G}) is "
    r"not estimable\."
)
def hazard_not_estimable(reader: Reader, match: re.Match[str]) -> None:
    key = hazard_key(reader, match["a"], match["b"], match["event"])
    reader.expect(isnan(reader.value(**key, statistic="hazard_ratio")), "it is estimable")


def hazard_key(
    reader: Reader, subject: str | None, reference: str | None, event: str
) -> dict[str, str]:
    """Of the chapter's curves, or of the model that is spoken of."""
    analysis = reader.memory.get("model") or analysis_of(reader)
    variable = reader.memory.get("model_variable") or variable_of(reader, analysis)
    outcome = reader.memory.get("outcome", "pfs")
    failure = ", non-response" if reader.world.parameters.nonresponse_is_pfs_event else ""
    ends = {"pfs": f"relapse{failure} or death", "os": "death"}
    reader.expect(ends.get(outcome) == event, f"{event} is no event of {outcome}")
    if subject and reference:  # of the exposed alone, by their response: the reference is no group
        contrast = "_vs_".join(reader.group(x, variable).level for x in (subject, reference))
    else:
        contrast = contrast_of_two(reader, subject, reference, variable)
    key = {"analysis": analysis, "outcome": outcome, "contrast": contrast}
    if "model" not in reader.memory:
        return key | {"population": "infused"}
    base = reader.world.parameters.model_population
    return key | {"population": base, "variable": variable, "level": contrast.partition("_vs_")[0]}


@pattern(rf"(?P<n>{N}) exposed patients? (?P<verb>is|are) in none of these groups\.")
def unplaced(reader: Reader, match: re.Match[str]) -> None:
    """All of the exposed but those in a curve; the reference group is not exposed."""
    analysis, exposure = analysis_of(reader), reader.world.exposure
    variable, outcome = variable_of(reader, analysis), reader.memory.get("outcome", "")
    shown = sum(
        x["value"]
        for x in reader.world.where(analysis=analysis, outcome=outcome, statistic="n")
        if not x["population"].endswith(f"{variable}=naive]")
    )
    exposed = reader.value(
        analysis="flow", population="infused", variable=exposure, level="exposed", statistic="count"
    )
    reader.count(match["n"], exposed - shown, "the unplaced")
    reader.expect((match["n"] == "1") == (match["verb"] == "is"), "singular or plural")


@pattern(
    r"(?P<pfs>(?:Progression|Event)-free survival) ends with (?P<event>[a-z, -]+ or death), "
    r"whichever is first; patients alive without it are censored at last contact, at most at the "
    r"data lock\.(?P<given> Later transplantation does not censor\.)?"
)
def ends_with(reader: Reader, match: re.Match[str]) -> None:
    given = reader.world.parameters
    reader.expect("pfs" in given.endpoints, "an endpoint that nobody asked for")
    failure = given.nonresponse_is_pfs_event
    reader.expect(("non-response" in match["event"]) == failure, "what ends it")


@pattern(
    r"Overall survival ends with death; the living are censored at last contact, at most at the "
    r"data lock\.(?P<given> Later transplantation does not censor\.)?"
)
def ends_with_death(reader: Reader, match: re.Match[str]) -> None:
    reader.expect("os" in reader.world.parameters.endpoints, "an endpoint that nobody asked for")


@pattern(r"The first may lie above the second, although for no patient the first is longer\.")
def both_endpoints(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(len(reader.world.parameters.endpoints) == 2, "there is one endpoint")


@pattern(r"A minimum follow-up “or death” lets those treated late in only if they died;")
def minimum(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(reader.world.parameters.minimum_followup_days > 0, "none is asked for")


@pattern(
    r"- Which event came first is only as good as its recording: a relapse found late or not at "
    r"all counts as death without it\."
)
def first_as_recorded(reader: Reader, match: re.Match[str]) -> None:
    rows = reader.world.where("competing_risks", statistic="events")
    relapses = [x["value"] for x in rows if x["outcome"].startswith("relapse")]
    reader.expect(not rows or sum(relapses) > 0, "no relapse is dated")
