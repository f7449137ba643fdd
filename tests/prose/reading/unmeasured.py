"""What the unmeasured would have to be, beside the measured covariates."""

from __future__ import annotations

import re
from math import isnan, log

from reading.adjusted import LABEL, RUNGS, ladder_key
from reading.numbers import RATIO, N, number
from reading.reader import G, Reader, pattern

_LEAD = r"(?P<label>[^:,.]+?)(?:, (?P<who>[^:.]+?))?: "


def _key(reader: Reader, match: re.Match[str]) -> dict[str, str]:
    groups = reader.world.of(reader.world.exposure)
    group = next((x for x in groups[1:] if x.label == match["who"]), groups[1])
    key = {"outcome": reader.outcome(match["label"]), "population": "infused"}
    return key | ladder_key(reader, group.phrase)


@pattern(
    rf"{_LEAD}of the measured covariates (?P<term>.+?) moves the adjusted hazard ratio most, from "
    rf"(?P<without>{N}) without it to (?P<with>{N}); beside another as strong it would be "
    rf"(?P<moved>{RATIO})\."
)
def strongest(reader: Reader, match: re.Match[str]) -> None:
    key = reader.memory["yardstick"] = _key(reader, match)
    primary = reader.value(analysis=RUNGS[2], **key, statistic="hazard_ratio")
    reader.number(match["with"], primary, "the adjusted ratio")
    at = {"outcome": key["outcome"], "contrast": key["contrast"]}
    rows = reader.world.where("cox_without_term", **at, statistic="hazard_ratio")
    most = max(rows, key=lambda x: abs(log(x["value"] / primary)) if x["value"] > 0 else 0.0)
    term = reader.world.variable(match["term"], {x["variable"] for x in rows})
    reader.expect(term == most["variable"], f"{most['variable']} moves it most")
    reader.number(match["without"], most["value"], "the ratio without it")
    told = at | {"population": "infused", "variable": most["variable"]}
    reader.ratio(match["moved"], "hazard_ratio_beside_another", analysis="cox_without_term", **told)


@pattern(
    rf"(?:Its interval contains (?P<in>1) without any such confounder, so that none is needed"
    rf"|None of the supposed confounders would leave nothing of it|A confounder of hazard ratio "
    rf"(?P<ratio>{N}) would leave nothing of it, were it in (?P<one>{N})% of the "
    rf"(?P<a>compared|reference) and (?P<other>{N})% of the (?P<b>compared|reference) group)\."
)
def supposed(reader: Reader, match: re.Match[str]) -> None:
    key = reader.memory["yardstick"]
    primary, low, high = reader.estimate("hazard_ratio", analysis=RUNGS[2], **key)
    reader.expect((low <= 1 <= high) == bool(match["in"]), f"{low} to {high}")
    if match["in"]:
        return
    at = {"outcome": key["outcome"], "contrast": key["contrast"]}
    rows = reader.world.where("supposed_confounder", **at, statistic="hazard_ratio")
    explain = [x for x in rows if (x["value"] <= 1 if primary >= 1 else x["value"] >= 1)]
    reader.expect(bool(explain) == bool(match["ratio"]), f"{len(explain)} would")
    if match["ratio"] and explain:
        level = f"hr_{match['ratio']}_prevalence_{number(match['one']) / 100:g}"
        reader.expect(explain[0]["level"] == level, f"it is {explain[0]['level']}")
        reader.expect((match["a"] == "compared") == (primary >= 1), "the other group")
        reader.expect(match["a"] != match["b"], "one group twice")
        reader.number(match["other"], 0.2, "where it is rarer", scale=100)


@pattern(rf"{_LEAD}no adjusted hazard ratio could be explained\.")
def nothing_to_explain(reader: Reader, match: re.Match[str]) -> None:
    value = reader.value(analysis=RUNGS[2], **_key(reader, match), statistic="hazard_ratio")
    terms = reader.world.where("cox_without_term", outcome=reader.outcome(match["label"]))
    reader.expect(isnan(value) or not terms, "one could")


@pattern(
    rf"(?:{LABEL}: )?The groups were assigned at random, so that nothing confounds their "
    r"comparison; what a confounder would have to be is left out\."
)
def nothing_confounds(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(not reader.world.where("cox_without_term"), "something does")


_SHOWN = (
    rf"(?:is (?P<ratio>{RATIO}); (?:(?P<nothing>the interval contains 1(?:, which shows neither "
    r"confounding nor its absence| as well))|the interval excludes 1: (?:it bears on the endpoint "
    r"itself|the exposure bears on it), or something that is not recorded goes with both)|is not "
    r"estimable)\."
)


def _control(reader: Reader, match: re.Match[str], statistic: str, **key: str) -> None:
    value, low, high = reader.estimate(statistic, **key)
    reader.expect(isnan(value) != bool(match["ratio"]), f"it is {value}")
    if match["ratio"]:
        reader.ratio(match["ratio"], statistic, **key)
        reader.expect((low <= 1 <= high) == bool(match["nothing"]), f"{low} to {high}")


@pattern(
    rf"{LABEL}: beside the exposure and all covariates the hazard ratio of (?P<control>[^(]+?)"
    rf"(?: \((?P<level>[^)]+)\))? {_SHOWN}"
)
def control_exposure(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.outcome(match["label"])
    rows = reader.world.where("cox_control_exposure", outcome=outcome, statistic="hazard_ratio")
    name = reader.world.variable(match["control"], {x["variable"] for x in rows})
    if len(rows) > 1:
        return
    key = {x: rows[0][x] for x in ("population", "variable", "level", "contrast")}
    reader.expect(rows[0]["variable"] == name, f"it is {name}")
    _control(reader, match, "hazard_ratio", analysis="cox_control_exposure", outcome=outcome, **key)


@pattern(
    rf"(?P<control>[^:,]+?): (?P<a>{N}) of (?P<n>{N}) in (?P<who>{G}) and (?P<b>{N}) of "
    rf"(?P<m>{N}) in (?P<other>{G}); adjusted, the odds ratio {_SHOWN}"
)
def control_outcome(reader: Reader, match: re.Match[str]) -> None:
    groups = reader.world.of(reader.world.exposure)
    one, reference = (reader.group(match[x]) for x in ("who", "other"))
    reader.expect(reference.level == groups[0].level, "the reference is another")
    rows = reader.world.where("control_outcome", statistic="odds_ratio", level=one.level)
    key = {x: rows[0][x] for x in ("population", "variable", "level", "contrast", "outcome")}
    for level, count, size in ((one.level, "a", "n"), (groups[0].level, "b", "m")):
        found = reader.world.where("control_outcome", level=level)
        told = {x["statistic"]: x["value"] for x in found}
        reader.count(match[count], told["events_at_level"], f"events of {level}")
        reader.count(match[size], told["n_at_level"], f"patients of {level}")
    _control(reader, match, "odds_ratio", analysis="control_outcome", **key)


@pattern(
    r"Blinatumomab can leave cells behind that have lost its target, CD19, on which most CAR T "
    r"cells depend: it may bear on relapse itself, and then is no negative control\."
)
def of_blinatumomab(reader: Reader, match: re.Match[str]) -> None:
    given = reader.world.parameters.negative_control_exposure
    reader.expect(given == "prior_blinatumomab", f"the control is {given}")


@pattern(
    r"Toxicity follows the burden of disease, on which the exposure may bear: then it is an effect "
    r"of the exposure, and no negative control\."
)
def of_toxicity(reader: Reader, match: re.Match[str]) -> None:
    given = reader.world.parameters.negative_control_outcome
    reader.expect(given in ("crs", "icans"), f"the control is {given}")


@pattern(
    r"(?:No negative control (?P<a>exposure|outcome) is named "
    r"\(parameter negative_control_(?:exposure|outcome)\)"
    r"|The negative control (?P<b>exposure|outcome), .+?, (?:is the same in everyone with every "
    rf"covariate|was there or not in fewer than {N} patients with every covariate, too few for a "
    r"comparison))\."
)
def no_control(reader: Reader, match: re.Match[str]) -> None:
    of = match["a"] or match["b"]
    analysis = "cox_control_exposure" if of == "exposure" else "control_outcome"
    reader.expect(not reader.world.where(analysis), "there is one")
    named = getattr(reader.world.parameters, f"negative_control_{of}")
    reader.expect(bool(named) == bool(match["b"]), f"named is {named!r}")


@pattern(
    r"The groups were assigned at random, so that nothing confounds their comparison; negative "
    r"controls are left out\."
)
def no_controls(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(not reader.world.where("cox_control_exposure"), "there are some")
