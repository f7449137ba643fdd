"""The adjusted comparison: how the hazard ratio moves from rung to rung."""

from __future__ import annotations

import re
from math import isnan, log

from reading.common import EVENTS, OPEN, events_compared, openness
from reading.numbers import CI, RATIO, N, agrees
from reading.reader import G, Reader, pattern

RUNGS = ("cox_ladder_crude", "cox_ladder_crude_adjusted_population", "cox_ladder_baseline")


LABEL = r"(?P<label>[^:.;]+?)"


def ladder_key(reader: Reader, a: str, b: str = "") -> dict[str, str]:
    """Variable, level and contrast of a group against the reference."""
    group = reader.group(a)
    (reference,) = [x for x in reader.world.of(group.variable) if x.is_reference]
    reader.expect(not b or reader.group(b).level == reference.level, f"{b} is no reference")
    return {
        "variable": group.variable,
        "level": group.level,
        "contrast": f"{group.level}_vs_{reference.level}",
    }


@pattern(
    rf"{LABEL}: the crude hazard ratio of (?P<a>{G}) against (?P<b>{G}) is (?P<crude>{RATIO}) "
    rf"in all "
    rf"(?P<n>{N}) infused and (?P<among>{RATIO}) in the (?P<k>{N}) of the adjusted model; adjusted "
    rf"for baseline covariates it is (?P<adjusted>{RATIO})\. (?:Leaving out the patients without a "
    r"covariate (?P<both>[^;.]+?), and so does the adjustment|(?:Nobody lacks a covariate|Leaving "
    r"out the patients without a covariate (?P<first>[^;]+?)); the adjustment (?P<second>[^.]+?))\."
)
def rungs(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.outcome(match["label"])
    key = ladder_key(reader, match["a"], match["b"])
    at = {"outcome": outcome, "population": "infused"}
    found = [
        reader.ratio(match[x], analysis=analysis, **at, **key)
        for x, analysis in zip(("crude", "among", "adjusted"), RUNGS, strict=True)
    ]
    reader.memory["rungs"], reader.memory["ladder"] = found, at | key
    reader.count(match["n"], reader.value(analysis=RUNGS[0], **at, statistic="n"))
    reader.count(match["k"], reader.value(analysis=RUNGS[2], **at, statistic="n"))
    first, second = match["first"] or match["both"], match["second"] or match["both"]
    if first:
        moved(reader, first, found[0][0], found[1][0])
    moved(reader, second, found[1][0], found[2][0])


def moved(reader: Reader, text: str, before: float, after: float) -> None:
    """Whether an estimate, as printed, moved as it is said to."""
    same = f"{before:.2f}" == f"{after:.2f}"
    if "where it is" in text:
        reader.expect(agrees(f"{before:.2f}", after) or same, f"{before} became {after}")
        return
    reader.expect(not same or abs(before - after) > 1e-3, f"{before} became {after}")
    across = log(before) * log(after) < 0
    nearer = abs(log(after)) < abs(log(before))
    said = "other side" in text, "towards" in text, "away" in text
    truth = across, nearer and not across, not nearer and not across
    reader.expect(said == truth, f"{before} became {after}: {text}")


@pattern(
    rf"(?:All three intervals contain (?P<all>1)|(?P<both>Both) crude intervals exclude 1 and the "
    rf"adjusted one contains it|(?P<one>One) crude interval and the adjusted one contain 1), "
    rf"which is "
    rf"no evidence that there is no difference: (?P<open>{OPEN})\."
)
def intervals_with_one(reader: Reader, match: re.Match[str]) -> None:
    crude, among, adjusted = reader.memory["rungs"]
    holds = [low <= 1 <= high for _, low, high in (crude, among, adjusted)]
    openness(reader, match["open"], adjusted[1], adjusted[2])
    told = 2 if match["all"] else 0 if match["both"] else 1
    reader.expect(sum(holds[:2]) == told, f"{holds}")


@pattern(
    r"The adjusted interval excludes 1 on the side of a (?P<side>higher|lower) hazard, (?:as do "
    r"both "
    r"crude (?P<both>ones)|though not every crude one)\."
)
def interval_without_one(reader: Reader, match: re.Match[str]) -> None:
    crude, among, (_, low, high) = reader.memory["rungs"]
    reader.expect(low > 1 if match["side"] == "higher" else high < 1, f"{low} to {high}")
    holds = [x <= 1 <= y for _, x, y in (crude, among)]
    reader.expect(bool(match["both"]) == (not any(holds)), f"crude ones hold 1: {holds}")


@pattern(
    rf"With errors by centre \((?P<k>{N}) centres?\) the adjusted interval is "
    rf"(?P<way>wider|narrower) "
    rf"\((?P<ci>{CI})\) and (?:says the (?P<same>same)|decides otherwise) about 1\."
)
def by_centre(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": RUNGS[2]} | reader.memory["ladder"]
    low, high = (reader.value(**key, statistic=f"robust_ci_{x}") for x in ("low", "high"))
    reader.interval(match["ci"], low, high)
    _, own_low, own_high = reader.memory["rungs"][2]
    wider = log(high / low) > log(own_high / own_low)
    reader.expect(wider == (match["way"] == "wider"), f"{low}–{high} beside {own_low}–{own_high}")
    same = (low <= 1 <= high) == (own_low <= 1 <= own_high)
    reader.expect(same == bool(match["same"]), f"{low}–{high} beside {own_low}–{own_high}")
    centres = reader.value(
        analysis=RUNGS[2], outcome=key["outcome"], population="infused", statistic="clusters"
    )
    reader.count(match["k"], centres, "the centres")


VARIANTS = {
    "with a frailty of each centre": "cox_ladder_frailty",
    "stratified by centre": "cox_ladder_stratified",
    "with calendar time": "cox_ladder_calendar",
    "with the volume of the centre": "cox_ladder_volume",
}
_VARIANT = "|".join(VARIANTS)


@pattern(
    rf"(?:In turn )?(?P<named>(?i:{_VARIANT})(?:(?:, | and )(?:{_VARIANT}))*) it "
    rf"(?:is (?P<ratio>{N} \({CI}\))|(?:is (?P<one>{N})|lies between (?P<low>{N}) and "
    rf"(?P<high>{N})); (?P<which>every|no|not every) interval contains 1)\."
)
def allowing_for_centres(reader: Reader, match: re.Match[str]) -> None:
    key = reader.memory["ladder"]
    said = [x[0].lower() for x in reader.items(match["named"], f"(?i:{_VARIANT})")]
    found = {x: _known(reader, analysis, key) for x, analysis in VARIANTS.items()}
    found = {x: y for x, y in found.items() if y is not None}
    reader.expect(said == [*found], f"there are {[*found]}, not {said}")
    ratios = [x for x in found.values() if x is not None]
    if match["ratio"]:
        reader.expect(len(ratios) == 1, f"there are {len(ratios)}")
        reader.ratio(match["ratio"], analysis=VARIANTS[said[0]], **key)
        return
    for name, choose in (("low", min), ("high", max), ("one", min)):
        if match[name]:
            reader.number(match[name], choose(x for x, _, _ in ratios), name)
    inside = [low <= 1 <= high for _, low, high in ratios]
    truth = "every" if all(inside) else "not every" if any(inside) else "no"
    reader.expect(match["which"] == truth, f"1 is in {inside}")


def _known(reader: Reader, analysis: str, key: dict[str, str]) -> tuple[float, ...] | None:
    """A ratio and its interval, where the model has one."""
    row = reader.world.row(analysis=analysis, **key, statistic="hazard_ratio")
    if row is None or isnan(row["value"]):
        return None
    return reader.estimate("hazard_ratio", analysis=analysis, **key)


@pattern(
    r"(?:The extract records no centre|The groups are the centres|All patients are of one "
    rf"centre|The centre of {N} of {N} patients is not recorded); errors by centre are left "
    r"out\."
)
def no_errors_by_centre(reader: Reader, match: re.Match[str]) -> None:
    rows = reader.world.where(RUNGS[2], statistic="robust_ci_low")
    reader.expect(all(isnan(x["value"]) for x in rows), "they are there")


@pattern(
    rf"With {EVENTS} (?:the adjusted comparison|it) has at best "
    rf"80% power for a hazard ratio of (?P<ratio>{N})"
    r"\."
)
def detectable(reader: Reader, match: re.Match[str]) -> None:
    key = reader.memory.get("published") or {"analysis": RUNGS[2]} | reader.memory["ladder"]
    value = reader.value(**key, statistic="minimum_detectable_hazard_ratio")
    reader.number(match["ratio"], value, "the detectable ratio")
    events_compared(reader, match, key)


@pattern(
    rf"{LABEL}: not on every rung is there an estimate against (?P<b>{G}) for (?P<groups>.+?), "
    rf"so the "
    r"rungs cannot be compared\."
)
def no_rungs(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.outcome(match["label"])
    missing = set()
    for group in reader.world.of(reader.world.exposure)[1:]:
        key = ladder_key(reader, group.phrase)
        values = [
            reader.value(
                analysis=x, outcome=outcome, population="infused", **key, statistic="hazard_ratio"
            )
            for x in RUNGS
        ]
        if any(map(isnan, values)):
            missing.add(group.label)
    for label in sorted(missing, key=len, reverse=True):
        reader.expect(label in match["groups"], f"{label} has no estimate either")
    rest = match["groups"]
    for label in sorted(missing, key=len, reverse=True):
        rest = rest.replace(label, "")
    reader.expect(re.fullmatch(r"(?:, | and )*", rest) is not None, f"{rest} has an estimate")


@pattern(
    rf"(?:For (?P<who>{G})|In [^.⟦]+?) (?:\((?P<k>{N}) patients?, (?P<events>{N}) events?\) )?the "
    rf"hazard "
    rf"ratio of (?P<a>{G}) is (?:(?P<ratio>{N} \({CI}\))(?:; the article prints .+?)?\. "
    rf"(?:Our|The) interval "
    rf"(?:excludes (?P<out>1)|contains 1, which is no evidence that there is no difference: "
    rf"(?P<open>{OPEN}))|not estimable)\.",
    chapter="regression",
)
def fixed_model(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "cox_ladder_as_published", "outcome": "pfs"}
    key["population"] = reader.world.parameters.model_population
    for name, statistic in (("k", "n"), ("events", "events")):
        if match[name]:
            reader.count(match[name], reader.value(**key, statistic=statistic), statistic)
    key |= ladder_key(reader, match["a"])
    _, low, high = reader.ratio(match["ratio"] or "not estimable", **key)
    reader.memory["published"] = key
    if match["ratio"]:
        reader.expect(bool(match["out"]) == (not low <= 1 <= high), f"{low} to {high}")
    if match["open"]:
        openness(reader, match["open"], low, high)


@pattern(
    r"- Adjustment reaches what was recorded: why a patient is in one group and not in another is "
    r"only in part in these covariates, and no row here removes the rest\.\s+- Hazard ratios are "
    r"not collapsible: adding a covariate that predicts the outcome moves them away from 1 even "
    r"where it confounds nothing\. A step between two rungs is not the amount of confounding\.\s+- "
    r"Only patients who reached infusion are compared\. Whoever did not is in no row\."
)
def what_adjustment_reaches(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(reader.world.parameters.design == "observational", "chance assigned the groups")


@pattern(
    r"- Only patients who reached infusion are in the extract; who was meant to and did not is "
    r"not, so whatever the exposure does before it cannot be seen here\."
)
def who_is_in_the_extract(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(reader.world.parameters.design == "observational", "chance assigned the groups")


def _detectable_rows(reader: Reader) -> list[float]:
    rows = reader.world.where(RUNGS[2], statistic="minimum_detectable_hazard_ratio")
    return [x["value"] for x in rows if not isnan(x["value"])]


@pattern(
    r"The detectable hazard ratio \[@schoenfeld1983\] says what each comparison could have found\."
)
def what_is_detectable(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(bool(_detectable_rows(reader)), "no comparison has one")


_BY_CENTRE = (
    r"- Errors by centre rest on the number of centres, not of patients\. The jackknife and its "
    r"\*t\* allow for few of them, at the price of wide intervals\. The frailty takes what centres "
    r"do to the hazard to be independent of who was exposed there, and its variance as known; "
    r"strata need neither, and learn nothing from a centre that gave one therapy only\.\s+"
)


@pattern(
    r"Patients of one centre may resemble each other\. A jackknife .+? gives errors that allow for "
    r"it, .+?\. Two further lines take the centres into the model: .+? compare patients of one "
    r"centre only\. Two more add calendar time and the volume of the centre to the terms, since "
    r"who is given what changes over the years and from centre to centre\."
)
def how_centres_are_allowed_for(reader: Reader, match: re.Match[str]) -> None:
    for analysis in VARIANTS.values():
        reader.expect(bool(reader.world.where(analysis)), f"there is no {analysis}")


@pattern(
    rf"(?P<centres>{_BY_CENTRE})?- The detectable ratio takes the exposure to be independent of "
    r"the covariates and the hazards to be proportional; where either fails, less could have been "
    r"found\."
    r"(?P<order>\s+- The order in time behind each role rests on when a variable is known, not on "
    r"when what it measures began\.)?"
)
def what_detectable_takes(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(bool(_detectable_rows(reader)), "no comparison has one")
    observed = reader.world.parameters.design == "observational"
    reader.expect(bool(match["order"]) == observed, "roles are of covariates that chance assigned")
    errors = reader.world.where(RUNGS[2], statistic="clusters")
    reader.expect(bool(match["centres"]) == bool(errors), "errors by centre too many or few")
