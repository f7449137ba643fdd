"""The multivariable models: who is in them, what they find, what they rest on."""

from __future__ import annotations

import re
from math import isnan

from reading.baseline import labels_in
from reading.causes import parameters
from reading.common import EVENTS, OPEN, events_compared, openness
from reading.numbers import CI, RATIO, N, P, number
from reading.reader import G, Reader, pattern

_WITH_P = rf".+? \({P}\)"


@pattern(
    rf"Among (?P<n>{N}) (?P<base>responders to the infusion|infused patients), at P below "
    rf"(?P<bound>{N}) (?P<which>no candidate|.+?) enters?\."
    rf"(?: Forced whatever their P: (?P<forced>.+?\))\.)? The exposure itself has (?P<p>{P})\."
)
def screen(reader: Reader, match: re.Match[str]) -> None:
    given = reader.world.parameters
    base = "responders" if match["base"].startswith("resp") else "infused"
    reader.expect(base == given.model_population, "the models are of others")
    bound = number(match["bound"])
    reader.expect(abs(bound - given.entry_p) < 1e-9, f"the bound is {given.entry_p}")
    key = {"analysis": "cox_univariable", "outcome": "pfs", "population": base}
    tests = {x["variable"]: x["value"] for x in reader.world.where(**key, statistic="lr_p_value")}
    own = reader.world.exposure
    reader.p(match["p"], tests.pop(own, float("nan")))
    enters = {x["variable"] for x in reader.world.where(**key, statistic="enters") if x["value"]}
    below = {k for k, v in tests.items() if v < bound and k in given.candidates}
    named = _tested(reader, match["which"], tests)
    reader.expect(set(named) == below, f"below {bound} are {below}, not {named}")
    forced = _tested(reader, match["forced"] or "", tests)
    reader.expect(set(forced) == enters - below - {own}, f"{enters} enter, forced are not {forced}")


def _tested(reader: Reader, text: str, tests: dict[str, float]) -> list[str]:
    """The variables of `age (P = .02) and sex (P = .03)`, their P values checked."""
    found = []
    if text in ("", "no candidate"):
        return found
    for label, p_value in re.findall(rf"(?:^|, | and )(.+?) \(({P})\)", text):
        variable = reader.world.variable(label, tests)
        reader.expect(variable in tests, f"{label} is no candidate")
        reader.p(p_value, tests.get(variable, float("nan")))
        found.append(variable)
    return found


@pattern(
    r"(?:Only (?P<one>the article's model|model A|the fixed-term model) holds (?P<a>.+?)\. )?"
    r"(?:Only the screened model holds (?P<b>.+?)\. )?"
    r"The terms differ, so the two models answer different questions\."
)
def different_terms(reader: Reader, match: re.Match[str]) -> None:
    terms = [_terms(reader, f"cox_{x}_a") for x in ("as_published", "screened")]
    for text, own, other in ((match["a"], *terms), (match["b"], terms[1], terms[0])):
        named = set(labels_in(reader, text)) if text else set()
        reader.expect(named == own - other, f"{own - other}, not {named}")
    reader.expect(terms[0] != terms[1], "the terms are the same")


@pattern(r"The screen lets in exactly the [^.]+?\.")
def same_terms(reader: Reader, match: re.Match[str]) -> None:
    terms = [_terms(reader, f"cox_{x}_a") for x in ("as_published", "screened")]
    reader.expect(terms[0] == terms[1], f"{terms}")


def _terms(reader: Reader, analysis: str) -> set[str]:
    return {
        x["variable"]
        for x in reader.world.where(analysis, outcome="pfs")
        if x["variable"] not in ("", reader.world.exposure)
    }


@pattern(
    rf"(?P<n>{N}) of (?P<all>{N}) patients? \((?P<events>{N}) events?\) are in the model; "
    rf"(?P<left>{N}) (?P<verb>is|are) left out for a missing value\."
)
def in_the_model(reader: Reader, match: re.Match[str]) -> None:
    heading = reader.place.heading
    model = "cox_as_published_a"
    if "odel B" in heading:
        model = "cox_as_published_b" if reader.place.nth == 0 else "cox_as_published_b_unknown"
    base = reader.world.parameters.model_population
    key = {"analysis": model, "outcome": "pfs", "population": base}
    reader.memory["model"], reader.memory["outcome"] = model, "pfs"
    variable = reader.world.exposure if model.endswith("_a") else "ino_exposure_response"
    reader.memory["model_variable"] = variable
    n, events, left = (reader.value(**key, statistic=x) for x in ("n", "events", "excluded"))
    for name, value in (("n", n), ("events", events), ("left", left), ("all", n + left)):
        reader.count(match[name], value, name)
    reader.expect((match["left"] == "1") == (match["verb"] == "is"), "singular or plural")


@pattern(rf"For (?P<a>{G}) no hazard ratio can be estimated: (?P<why>[^.]+?)\.")
def no_ratio_in_model(reader: Reader, match: re.Match[str]) -> None:
    variable = reader.memory.get("model_variable", "")
    group = reader.group(match["a"], variable)
    rows = reader.world.where(
        reader.memory.get("model", ""), level=group.level, statistic="hazard_ratio"
    )
    reader.expect(all(isnan(x["value"]) for x in rows if x["variable"] == variable), "it can")


def diagnosed(reader: Reader) -> dict[str, str]:
    """The model whose diagnostics are told: model A, or the primary one of an endpoint."""
    if "outcome" in reader.memory and reader.place.chapter == "effect":
        analysis, base = "cox_ladder_baseline", "infused"
    else:
        analysis, base = "cox_as_published_a", reader.world.parameters.model_population
    outcome = reader.memory.get("outcome", "pfs")
    return {"analysis": analysis, "outcome": outcome, "population": base}


@pattern(
    rf"(?:(?P<label>[^:.]+?): )?[Tt]he model spends (?P<k>{N}) parameters? on (?P<n>{N}) events?, "
    rf"(?P<each>{N}) events? each(?P<few>, fewer than the 10 often asked for)?\."
)
def model_parameters(reader: Reader, match: re.Match[str]) -> None:
    if match["label"]:
        reader.memory["outcome"] = reader.outcome(match["label"])
    parameters(reader, match, diagnosed(reader))


@pattern(
    rf"(?:(?P<label>[^:.]+?): )?(?:[Tt]he global test of proportional hazards gives (?P<p>{P}); "
    rf"(?:no single term falls below 0\.05|by term, th(?:at|ose) of (?P<which>{_WITH_P}) falls?"
    r" below 0\.05, so that (?:its hazard ratio is an average|their hazard ratios are averages) "
    r"over the time observed)"
    r"|[Pp]roportional hazards cannot be tested)\."
)
def proportional_hazards(reader: Reader, match: re.Match[str]) -> None:
    if match["label"]:
        reader.memory["outcome"] = reader.outcome(match["label"])
    key = diagnosed(reader)
    rows = reader.world.where(**key, statistic="ph_p_value")
    tests = {x["variable"]: x["value"] for x in rows}
    whole = tests.pop("", float("nan"))
    reader.expect(isnan(whole) == (match["p"] is None), f"the global P is {whole}")
    if match["p"]:
        reader.p(match["p"], whole)
    named = _tested(reader, match["which"] or "", tests)
    below = {k for k, v in tests.items() if v < 0.05}
    reader.expect(set(named) == below or not match["p"], f"below .05 are {below}, not {named}")


@pattern(
    rf"(?P<label>[^:.]+?): the hazard ratio of (?P<a>{G}) against (?P<b>{G}) is (?P<crude>{RATIO}) "
    rf"crude, (?P<before>{RATIO}) adjusted for what the exposure cannot have changed, and "
    rf"(?P<baseline>{RATIO}) adjusted for baseline covariates\."
)
def refractory(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.outcome(match["label"])
    variable = "ino_exposure_response"
    one, other = (reader.group(match[x], variable) for x in ("a", "b"))
    key = {"outcome": outcome, "population": "infused", "variable": variable, "level": one.level}
    key["contrast"] = f"{one.level}_vs_{other.level}"
    reader.memory["refractory"] = key
    for name, analysis in (
        ("crude", "crude"),
        ("before", "before_exposure"),
        ("baseline", "baseline"),
    ):
        reader.ratio(match[name], analysis=f"cox_response_{analysis}", **key)


@pattern(
    rf"From (?:the article's )?model B(?P<who>, [^,]+?)?,? (?:it is (?P<ratio>{N} \({CI}\)), with "
    rf"{EVENTS}(?:: no clear difference; (?P<open>{OPEN}))?"
    r"|it cannot be estimated)\."
)
def refractory_published(reader: Reader, match: re.Match[str]) -> None:
    key = dict(reader.memory.get("refractory", {}))
    key |= {
        "analysis": "cox_response_as_published",
        "population": reader.world.parameters.model_population,
    }
    _, low, high = reader.ratio(match["ratio"] or "not estimable", **key)
    if not match["ratio"]:
        return
    events_compared(reader, match, key)
    reader.expect((low <= 1 <= high) == bool(match["open"]), f"the interval is {low} to {high}")
    if match["open"]:
        openness(reader, match["open"], low, high)


@pattern(
    rf"The hazard ratio of (?P<a>{G}) is (?P<screened>{RATIO}) after the screen, "
    rf"(?P<every>{RATIO}) "
    rf"with all candidates(?:,| and) (?P<ridge>{RATIO}) with their coefficients shrunk by ridge"
    rf"(?: and (?P<firth>{RATIO}) under Firth's penalty)?\."
)
def penalised(reader: Reader, match: re.Match[str]) -> None:
    group = reader.group(match["a"])
    (reference,) = [x for x in reader.world.of(group.variable) if x.is_reference]
    key = {
        "outcome": "pfs",
        "population": reader.world.parameters.model_population,
        "variable": group.variable,
        "level": group.level,
        "contrast": f"{group.level}_vs_{reference.level}",
    }
    for name, analysis in (
        ("screened", "cox_screened_a"),
        ("every", "cox_every_candidate"),
        ("ridge", "cox_every_candidate_ridge"),
        ("firth", "cox_every_candidate_firth"),
    ):
        if match[name]:
            reader.ratio(match[name], analysis=analysis, **key)


@pattern(r"For Firth's penalty the events are too few for so many parameters\.")
def no_firth(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(not reader.world.where("cox_every_candidate_firth"), "there is an estimate")


@pattern(
    rf"Ridge leaves (?P<k>{N}) effective parameters? of (?P<n>{N}); what it takes from the "
    r"covariates it takes from the adjustment\."
)
def ridge(reader: Reader, match: re.Match[str]) -> None:
    key = {"outcome": "pfs", "population": reader.world.parameters.model_population}
    for name, analysis in (("k", "cox_every_candidate_ridge"), ("n", "cox_every_candidate")):
        value = reader.value(analysis=analysis, **key, statistic="parameters")
        reader.number(match[name], value, f"parameters of {analysis}")
