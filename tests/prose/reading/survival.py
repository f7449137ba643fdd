"""Survival, follow-up, and relapse against death without it."""

from __future__ import annotations

import re
from math import isnan

from reading.common import OPEN, openness
from reading.numbers import CI, RATIO, N, P, agrees, number
from reading.reader import G, Reader, pattern

_AT = rf"(?:{N}%(?: \({CI}\))? in {G}|not estimable in {G} \(follow-up ends before\))"
_CAUSES = {
    "relapse": "relapse",
    "death without relapse": "death_without_relapse",
    "relapse or non-response": "relapse_or_nonresponse",
    "death without relapse or non-response": "death_without_failure",
}


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
        outcome, analysis, statistic = _cause(reader, cause[1]), "competing_risks", "incidence"
        reader.memory["cause"] = outcome
    else:
        outcome, analysis, statistic = reader.outcome(name), analysis_of(reader), "survival"
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


def _cause(reader: Reader, name: str) -> str:
    found = _CAUSES.get(name)
    reader.expect(found is not None, f"no event is called {name}")
    return found or ""


@pattern(rf"The log-rank test of (?P<groups>{G}(?:(?:, | and ){G})*) gives (?P<p>{P})\.")
def log_rank(reader: Reader, match: re.Match[str]) -> None:
    analysis = analysis_of(reader)
    variable = variable_of(reader, analysis)
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


_WAY = rf"was (?P<way>higher|lower) in (?P<a>{G}) than in (?P<b>{G})"
_SAME = rf"did not differ clearly between (?P<c>{G}) and (?P<d>{G})"


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


def hazard_key(reader: Reader, subject: str, reference: str, event: str) -> dict[str, str]:
    """Of the chapter's curves, or of the model that is spoken of."""
    analysis = reader.memory.get("model") or analysis_of(reader)
    variable = reader.memory.get("model_variable") or variable_of(reader, analysis)
    outcome = reader.memory.get("outcome", "pfs")
    failure = ", non-response" if reader.world.parameters.nonresponse_is_pfs_event else ""
    ends = {"pfs": f"relapse{failure} or death", "os": "death"}
    reader.expect(ends.get(outcome) == event, f"{event} is no event of {outcome}")
    one, other = (reader.group(x, variable) for x in (subject, reference))
    contrast = f"{one.level}_vs_{other.level}"
    key = {"analysis": analysis, "outcome": outcome, "contrast": contrast}
    if "model" not in reader.memory:
        return key | {"population": "infused"}
    base = reader.world.parameters.model_population
    return key | {"population": base, "variable": variable, "level": one.level}


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
    exposed = reader.row(
        analysis="survival_by_exposure",
        outcome=outcome,
        population=f"infused[{exposure}=exposed]",
        statistic="n",
    )["value"]
    reader.count(match["n"], exposed - shown, "the unplaced")
    reader.expect((match["n"] == "1") == (match["verb"] == "is"), "singular or plural")


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


@pattern(
    rf"The first event of (?P<n>{N}) infused patients was (?P<one>relapse[^,.;0-9]*?) in "
    rf"(?P<relapse>{N}) and (?P<other>death[^,.;0-9]*?) in (?P<death>{N}); (?P<neither>{N}) "
    r"had neither by last contact\."
)
def first_events(reader: Reader, match: re.Match[str]) -> None:
    causes = [_cause(reader, match[x]) for x in ("one", "other")]
    n, relapses, deaths = (
        _summed(reader, outcome, name)
        for outcome, name in ((causes[0], "n"), (causes[0], "events"), (causes[1], "events"))
    )
    for name, value in (("n", n), ("relapse", relapses), ("death", deaths)):
        reader.count(match[name], value, name)
    reader.count(match["neither"], n - relapses - deaths, "neither")


def _summed(reader: Reader, outcome: str, statistic: str) -> float:
    rows = reader.world.where(analysis="competing_risks", outcome=outcome, statistic=statistic)
    return float(sum(x["value"] for x in rows))


_NONRESPONSE = rf"an assessed non-response came before (?P<before>{N})"


@pattern(
    rf"Of the (?P<n>{N}), (?:(?P<disease>.+?) is the recorded cause of (?P<leukemia>{N}), and )?"
    rf"{_NONRESPONSE}: (?P<event>death[^,.;0-9]*?) is more than death from other causes\."
)
def not_other_causes(reader: Reader, match: re.Match[str]) -> None:
    outcome = _cause(reader, match["event"])
    key = {"analysis": "competing_risks", "outcome": outcome}
    reader.count(match["n"], _summed(reader, outcome, "events"), "the deaths")
    for name, variable, level in (
        ("leukemia", "cause_of_death", "leukemia"),
        ("before", "response", "no_response"),
    ):
        if match[name]:
            where = {"population": "infused", "variable": variable, "level": level}
            reader.count(match[name], reader.value(**key, **where, statistic="count"), name)


@pattern(r"An assessed non-response is no event here: who never responded can only die\.")
def nonresponse_is_no_event(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(not reader.world.parameters.nonresponse_is_pfs_event, "it is one")


@pattern(
    rf"An assessed non-response counts with relapse, at its assessment: it was the first event in "
    rf"(?P<n>{N}) of the (?P<all>{N})\."
)
def nonresponse_is_an_event(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(reader.world.parameters.nonresponse_is_pfs_event, "it is none")
    events = _summed(reader, "relapse_or_nonresponse", "events")
    reader.count(match["all"], events, "all first events")
    reader.expect(number(match["n"]) <= events, "more than all of them")


_PAIR = rf"{RATIO} adjusted and {RATIO} crude"


@pattern(
    rf"For (?P<a>{G}) against (?P<b>{G}), the cause-specific hazard ratio of (?P<event>.+?) is "
    rf"(?P<rate>{_PAIR}), the subdistribution hazard ratio (?P<risk>{_PAIR})"
    r"(?:; the adjusted cause-specific interval (?:excludes 1, on the side of a "
    rf"(?P<side>higher|lower) hazard|contains 1, which shows no clear difference: "
    rf"(?P<open>{OPEN})))?\."
)
def cause_ratios(reader: Reader, match: re.Match[str]) -> None:
    outcome = _cause(reader, match["event"])
    reader.memory["event"] = outcome
    rate = None
    for scale, text in (("cause_specific", match["rate"]), ("subdistribution", match["risk"])):
        parts = re.fullmatch(rf"({RATIO}) adjusted and ({RATIO}) crude", text)
        assert parts
        for kind, printed in (("baseline", parts[1]), ("crude", parts[2])):
            key = cause_key(reader, f"{scale}_{kind}", outcome, match["a"], match["b"])
            found = reader.ratio(printed, **key)
            rate = rate or found
    assert rate
    _, low, high = rate
    reader.expect(bool(match["side"] or match["open"]) == (not isnan(rate[0])), "no verdict")
    if match["side"]:
        reader.expect((low > 1) if match["side"] == "higher" else (high < 1), f"{low} to {high}")
    if match["open"]:
        openness(reader, match["open"], low, high)


def cause_key(reader: Reader, analysis: str, outcome: str, a: str, b: str) -> dict[str, str]:
    one, other = (reader.group(x) for x in (a, b))
    reader.memory["cause_group"] = (a, b)
    return {
        "analysis": analysis,
        "outcome": outcome,
        "population": "infused",
        "variable": one.variable,
        "level": one.level,
        "contrast": f"{one.level}_vs_{other.level}",
    }


@pattern(
    r"The second lies (?P<side>below|above) the first: the hazard of (?P<other>.+?) is estimated "
    r"(?P<more>higher|lower) in this group, so that (?P<left>fewer|more) of its patients are left "
    r"for (?P<own>.+?)\."
)
def two_scales(reader: Reader, match: re.Match[str]) -> None:
    own, other = _cause(reader, match["own"]), _cause(reader, match["other"])
    reader.expect(own == reader.memory.get("event") != other, "the events are mixed up")
    a, b = reader.memory.get("cause_group", ("", ""))
    rate, risk, rival = (
        reader.value(**cause_key(reader, f"{x}_baseline", y, a, b), statistic="hazard_ratio")
        for x, y in (("cause_specific", own), ("subdistribution", own), ("cause_specific", other))
    )
    reader.expect((match["side"] == "below") == (risk < rate), f"{risk} beside {rate}")
    reader.expect((match["more"] == "higher") == (rival > 1), f"the other's ratio is {rival}")
    reader.expect((match["left"] == "fewer") == (rival > 1), f"the other's ratio is {rival}")


@pattern(
    rf"Against (?P<b>{G}) no hazard ratio of (?P<event>.+?) can be estimated for "
    rf"(?P<groups>{G}(?:(?:, | and ){G})*)\."
)
def no_cause_ratio(reader: Reader, match: re.Match[str]) -> None:
    outcome = _cause(reader, match["event"])
    for item in reader.items(match["groups"], G):
        for analysis in ("cause_specific", "subdistribution"):
            for kind in ("crude", "baseline"):
                key = cause_key(reader, f"{analysis}_{kind}", outcome, item[0], match["b"])
                value = reader.value(**key, statistic="hazard_ratio")
                reader.expect(isnan(value), f"{analysis}_{kind} of {item[0]} is {value}")


@pattern(
    rf"The adjusted models spend (?P<k>{N}) parameters? on (?P<n>{N}) events?, (?P<each>{N}) "
    rf"events? "
    r"each(?P<few>, fewer than the 10 often asked for: the adjusted ratios are unstable)?\."
)
def cause_parameters(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.memory.get("cause", "")
    key = {"analysis": "cause_specific_baseline", "outcome": outcome, "population": "infused"}
    parameters(reader, match, key)


def parameters(reader: Reader, match: re.Match[str], key: dict[str, str]) -> None:
    """Parameters, events and events per parameter of a model, and whether they are few."""
    k, n = (reader.value(**key, statistic=x) for x in ("parameters", "events"))
    reader.count(match["k"], k, "the parameters")
    reader.count(match["n"], n, "the events")
    reader.expect(agrees(match["each"], n / k), f"{n} by {k} is not {match['each']}")
    reader.expect(bool(match["few"]) == (n / k < 10), f"{n / k} events a parameter")
