"""Relapse against death without it: first events and both hazard ratios."""

from __future__ import annotations

import re
from math import isnan

from reading.common import OPEN, openness
from reading.numbers import RATIO, N, agrees, number
from reading.reader import G, Reader, pattern

_CAUSES = {
    "relapse": "relapse",
    "death without relapse": "death_without_relapse",
    "relapse or non-response": "relapse_or_nonresponse",
    "death without relapse or non-response": "death_without_failure",
}


_DEATH = re.compile(r"death from (?P<cause>.+) without relapse(?: or non-response)?")


def cause_named(reader: Reader, name: str) -> str:
    found, of_one = _CAUSES.get(name), _DEATH.fullmatch(name)
    if of_one:
        other = of_one["cause"].startswith("another cause")
        found = "death_of_other_cause" if other else "death_of_disease"
    reader.expect(found is not None, f"no event is called {name}")
    return found or ""


@pattern(
    rf"The first event of (?P<n>{N}) infused patients was (?P<one>relapse[^,.;0-9]*?) in "
    rf"(?P<relapse>{N}) and (?P<other>death[^,.;0-9]*?) in (?P<death>{N}); (?P<neither>{N}) "
    r"had neither by last contact\."
)
def first_events(reader: Reader, match: re.Match[str]) -> None:
    causes = [cause_named(reader, match[x]) for x in ("one", "other")]
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
    outcome = cause_named(reader, match["event"])
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


@pattern(
    rf"Adjusted, the hazard ratio of (?P<event>.+?) for (?P<a>{G}) against (?P<b>{G}) is "
    rf"(?P<rate>{RATIO}) cause-specific and (?P<risk>{RATIO}) by subdistribution"
    r"(?:; the first (?:excludes 1 on the side of a (?P<side>higher|lower) hazard"
    rf"|shows no clear difference: (?P<open>{OPEN})))?\."
)
def cause_ratios(reader: Reader, match: re.Match[str]) -> None:
    outcome = cause_named(reader, match["event"])
    reader.memory["event"] = outcome
    (value, low, high), _ = (
        reader.ratio(
            match[name], **cause_key(reader, f"{scale}_baseline", outcome, match["a"], match["b"])
        )
        for name, scale in (("rate", "cause_specific"), ("risk", "subdistribution"))
    )
    reader.expect(bool(match["side"] or match["open"]) == (not isnan(value)), "no verdict")
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
    own, other = cause_named(reader, match["own"]), cause_named(reader, match["other"])
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
    outcome = cause_named(reader, match["event"])
    for item in reader.items(match["groups"], G):
        for analysis in ("cause_specific", "subdistribution"):
            for kind in ("crude", "baseline"):
                key = cause_key(reader, f"{analysis}_{kind}", outcome, item[0], match["b"])
                value = reader.value(**key, statistic="hazard_ratio")
                reader.expect(isnan(value), f"{analysis}_{kind} of {item[0]} is {value}")


@pattern(
    rf"The adjusted models spend (?P<k>{N}) parameters? on (?P<n>{N}) events?, (?P<each>{N}) "
    r"each(?P<few> instead of the usual 10, and are unstable)?\."
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


_KIND = r"death from [^.;]+?"


@pattern(
    rf"By the recorded cause of death, the first event was (?P<one>{_KIND}) in (?P<n>{N}) "
    rf"patients? and (?P<other>{_KIND}) in (?P<m>{N}) patients?\."
    rf"(?: Of the latter, (?P<gap>{N}) (?P<verb>has|have) no recorded cause\.)?"
)
def ways_to_fail(reader: Reader, match: re.Match[str]) -> None:
    causes = [cause_named(reader, match[x]) for x in ("one", "other")]
    reader.expect(causes == ["death_of_disease", "death_of_other_cause"], f"causes: {causes}")
    for name, outcome in zip(("n", "m"), causes, strict=True):
        reader.count(match[name], _summed(reader, outcome, "events"), match["one"])
    gap = _of_deaths(reader, causes[1], "cause_of_death", "missing")
    reader.count(match["gap"] or "0", gap, "those without a cause")
    reader.expect("unrecorded" in match["other"] or gap == 0, f"{gap} are unrecorded")
    reader.expect(not match["verb"] or (gap == 1) == (match["verb"] == "has"), f"they are {gap}")


def _of_deaths(reader: Reader, outcome: str, variable: str, level: str) -> float:
    key = {"analysis": "competing_risks", "outcome": outcome, "population": "infused"}
    return reader.value(**key, variable=variable, level=level, statistic="count")


@pattern(
    rf"(?:Of the deaths from [^,.]+?, (?P<n>{N}) had a recorded remission before: a relapse before "
    r"death was not recorded, or the cause is wrong"
    r"|Nobody who died from [^,.]+? as the first event had a recorded remission before)\."
)
def after_remission(reader: Reader, match: re.Match[str]) -> None:
    found = _of_deaths(reader, "death_of_disease", "cr_cri", "yes")
    reader.count(match["n"] or "0", found, "those in remission before")


def _crude_ratios(reader: Reader, outcome: str, a: str) -> list[dict[str, str]]:
    (reference,) = [x for x in reader.world.of(reader.world.exposure) if x.is_reference]
    scales = ("cause_specific", "subdistribution")
    return [cause_key(reader, f"{x}_crude", outcome, a, reference.phrase) for x in scales]


@pattern(rf"Of (?P<event>{_KIND}) no hazard ratio can be estimated for (?P<a>{G})\.")
def no_crude_ratio(reader: Reader, match: re.Match[str]) -> None:
    keys = _crude_ratios(reader, cause_named(reader, match["event"]), match["a"])
    values = [reader.value(**x, statistic="hazard_ratio") for x in keys]
    reader.expect(any(map(isnan, values)), f"they are {values}")


@pattern(
    rf"For (?P<a>{G}) against (?P<b>{G}), unadjusted, the cause-specific hazard ratio is "
    rf"(?P<rate>{RATIO}) and the subdistribution hazard ratio is (?P<risk>{RATIO})\."
)
def crude_ratios(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(reader.group(match["b"]).is_reference, f"{match['b']} is no reference")
    keys = _crude_ratios(reader, reader.memory.get("cause", ""), match["a"])
    for name, key in zip(("rate", "risk"), keys, strict=True):
        reader.ratio(match[name], **key)


@pattern(
    r"No (?:cause of )?death without .+? is (?:recorded|attributed to .+?); the causes are not "
    r"told apart\."
)
def no_causes(reader: Reader, match: re.Match[str]) -> None:
    for outcome in ("death_of_disease", "death_of_other_cause"):
        reader.expect(not reader.world.where("competing_risks", outcome=outcome), "they are")
