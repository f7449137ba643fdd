"""Consolidation without immortal time, and what simulated cohorts show."""

from __future__ import annotations

import re
from math import hypot, isfinite, log

from reading.common import OPEN, openness
from reading.numbers import RATIO, N, number
from reading.reader import Reader, pattern

_FIXED, _VARYING = "consolidation_fixed", "consolidation_time_varying"


def _month(reader: Reader, day: str) -> float | None:
    rows = reader.world.where("consolidation_landmark_counts", statistic="n")
    times = [x["time_months"] for x in rows if x["time_months"] is not None]
    return next((x for x in times if abs(x * 30.4375 - number(day)) < 0.01), None)


@pattern(
    rf"Of (?P<n>{N}) responders? (?P<k>{N}) (?:was|were) consolidated; it began (?:on day "
    rf"(?P<day>{N})|"
    rf"between day (?P<first>{N}) and day (?P<last>{N}) \(median (?P<median>{N})\))\."
)
def waiting(reader: Reader, match: re.Match[str]) -> None:
    rows = reader.world.where("consolidation_landmark_counts")
    given = {x["statistic"]: x["value"] for x in rows if x["time_months"] is None}
    reader.count(match["k"], given["n_at_level"], "the consolidated")
    reader.count(match["n"], max(x["value"] for x in rows if x["statistic"] == "n"))
    for name, statistic in (("first", "minimum"), ("last", "maximum"), ("median", "median")):
        if match[name]:
            reader.number(match[name], given[statistic], statistic, digits=1)
    if match["day"]:
        reader.number(match["day"], given["minimum"], "the day", digits=1)
        reader.expect(given["n_at_level"] == 1, "they are several")


@pattern(
    rf"Of the responders (?P<n>{N}) (?P<was>was|were) treated outside remission: that is salvage, "
    r"and (?:this one counts|these count) as not consolidated\."
)
def salvage_of_responders(reader: Reader, match: re.Match[str]) -> None:
    key = {"outcome": "pfs", "population": "responders", "variable": "salvage_reason"}
    n = reader.value(analysis="consolidation_landmark_counts", **key, statistic="count")
    reader.count(match["n"], n, "the salvaged")
    reader.expect(n > 0 and (n == 1) == (match["was"] == "was"), f"they are {n}")


@pattern(
    r"Whoever (?P<relapsed>had a relapse or )?died before consolidation could no longer .+? no "
    r"merit of what follows\.(?P<unknown> No relapse is recorded, .+? from treatment after one\.)?"
)
def immortal(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "response", "outcome": "relapse", "population": "infused"}
    row = reader.world.row(**key, statistic="count")  # where the chapter on response is read too
    reader.expect(bool(match["relapsed"]) or row is None or row["value"] == 0, f"relapsed: {row}")
    reader.expect(bool(match["unknown"]) != bool(match["relapsed"]), "relapse is known or not")


def contrast_key(reader: Reader, name: str) -> dict[str, str]:
    """The kind of consolidation of a name, against none; among whom it is compared."""
    if reader.world.variable(name) == "consolidation_any":
        return {"population": "responders", "variable": "consolidation_any", "level": "yes"} | {
            "contrast": "yes_vs_no"
        }
    kind, _, among = name.partition(", ")
    level = reader.world.levels.get(("consolidation", kind.casefold()), "")
    reader.expect(bool(level), f"no consolidation is called {kind}")
    where = [
        x["population"]
        for x in reader.world.where(_FIXED, level=level, statistic="n")
        if ("[" in x["population"]) == bool(among)
    ]
    return {
        "population": (where or [""])[0],
        "variable": "consolidation",
        "level": level,
        "contrast": f"{level}_vs_none",
    }


@pattern(
    rf"(?P<label>[^:.]+?): (?:the hazard ratio of (?P<name>[^0-9]+?) against none is "
    rf"(?P<fixed>{RATIO}) "
    rf"as if known at infusion and (?P<varying>{RATIO}) from the day on which it begins\. "
    rf"Counting the "
    r"waiting where it belongs (?P<moves>leaves the estimate where it is|moves the estimate "
    r"(?:to the other side of|towards|away from) 1)\."
    rf"|for (?P<none>[^0-9]+?) there is no estimate both fixed and time-varying\.)"
)
def fixed_and_varying(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.memory["outcome"] = reader.outcome(match["label"])
    key = {"outcome": outcome} | contrast_key(reader, match["name"] or match["none"])
    reader.memory["key"] = key
    if match["none"]:
        _without(reader, key)
        return
    before, *_ = reader.ratio(match["fixed"], analysis=_FIXED, **key)
    after, low, high = reader.ratio(match["varying"], analysis=_VARYING, **key)
    reader.memory["varying"] = low, high
    across = log(before) * log(after) < 0
    nearer = abs(log(after)) < abs(log(before))
    text = match["moves"]
    if "leaves" in text:
        reader.expect(f"{before:.2f}" == f"{after:.2f}" or abs(before - after) < 0.01, text)
    else:
        said = "other side" in text, "towards" in text, "away" in text
        truth = across, nearer and not across, not nearer and not across
        reader.expect(said == truth, f"{before} became {after}: {text}")


def _without(reader: Reader, key: dict[str, str]) -> None:
    values = [reader.value(analysis=x, **key, statistic="hazard_ratio") for x in (_FIXED, _VARYING)]
    reader.expect(not all(map(isfinite, values)), f"there is: {values}")


@pattern(
    rf"For (?P<name>[^0-9⟦]+?)(?: there is no estimate both fixed and time-varying|, it is "
    rf"(?P<fixed>{N}) fixed and (?P<varying>{RATIO}) time-varying)\."
)
def other_kind(reader: Reader, match: re.Match[str]) -> None:
    key = {"outcome": reader.memory.get("outcome", "")} | contrast_key(reader, match["name"])
    if not match["fixed"]:
        _without(reader, key)
        return
    fixed = reader.value(analysis=_FIXED, **key, statistic="hazard_ratio")
    reader.number(match["fixed"], fixed, "the fixed ratio")
    reader.ratio(match["varying"], analysis=_VARYING, **key)


@pattern(
    rf"(?:At no landmark is there an estimate|At (?:the landmarks|(?P<k>{N}) of (?P<n>{N}) "
    rf"landmarks?) it "
    rf"(?:is (?P<one>{N})|lies between (?P<low>{N}) and (?P<high>{N})))\."
)
def at_landmarks(reader: Reader, match: re.Match[str]) -> None:
    key = {x: v for x, v in reader.memory["key"].items()}
    rows = reader.world.where("consolidation_landmark", **key, statistic="hazard_ratio")
    known = [x["value"] for x in rows if isfinite(x["value"])]
    for name, value in (("low", min), ("high", max), ("one", min)):
        if match[name]:
            reader.expect(bool(known), "there is none")
            reader.number(match[name], value(known, default=float("nan")), name)
    reader.expect(bool(known) == bool(match["one"] or match["low"]), f"known are {known}")
    if match["k"]:
        reader.count(match["k"], len(known))
        reader.count(match["n"], len(rows))


@pattern(rf"Adjusted, the time-varying one is (?P<ratio>{RATIO})\.")
def adjusted_varying(reader: Reader, match: re.Match[str]) -> None:
    reader.ratio(match["ratio"], analysis=f"{_VARYING}_adjusted", **reader.memory["key"])


@pattern(
    rf"The crude time-varying interval (?:contains 1; (?P<open>{OPEN})|lies on the side of a "
    r"(?P<side>higher|lower) hazard; those chosen for consolidation may differ in more than it)\."
)
def varying_interval(reader: Reader, match: re.Match[str]) -> None:
    low, high = reader.memory["varying"]
    if match["open"]:
        openness(reader, match["open"], low, high)
    else:
        reader.expect(low > 1 if match["side"] == "higher" else high < 1, f"{low} to {high}")


_HELD = rf"{N}% \({N}%\)"


@pattern(
    rf"(?P<label>[^:.]+?): where the true hazard ratio is 1 \((?P<n>{N}) cohorts?\), the "
    rf"(?P<kind>.+?) "
    rf"estimate is on average (?P<ratio>{N}), and its (?P<level>{N})% interval holds 1 in "
    rf"(?P<held>{N})% of the cohorts(?:; the others average (?P<low>{N}) to (?P<high>{N}), and "
    rf"hold it in (?P<least>{N})% to (?P<most>{N})%)?\."
)
def simulated(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.memory["simulated"] = reader.outcome(match["label"])
    level = reader.world.parameters.confidence_level * 100
    reader.number(match["level"], level, "the level")
    cohorts = reader.world.where(
        "simulated_consolidation", outcome=outcome, statistic="replications"
    )
    reader.count(match["n"], cohorts[0]["value"], "the cohorts")
    key = _simulated_key(reader, outcome, match["kind"])
    reader.number(match["ratio"], reader.value(**key, statistic="hazard_ratio"), "the ratio")
    reader.number(match["held"], reader.value(**key, statistic="coverage"), "it", scale=100)
    for statistic, names, scale in (
        ("hazard_ratio", ("low", "high"), 1),
        ("coverage", ("least", "most"), 100),
    ):
        others = [
            x["value"]
            for x in reader.world.records
            if x["analysis"].startswith("simulated_consolidation_")
            and (x["outcome"], x["statistic"]) == (outcome, statistic)
            and isfinite(x["value"])
            and (x["analysis"], x["time_months"]) != (key["analysis"], key.get("time_months"))
        ]
        reader.expect(bool(others) == bool(match[names[0]]), f"others are {others}")
        for name, choose in zip(names, (min, max), strict=True):
            if match[name]:
                reader.number(match[name], choose(others), name, scale=scale)


@pattern(
    r"Where as many are treated at random, so that nobody waits, the estimates are on average "
    r"(?P<ratios>.+?): beyond two Monte Carlo errors waiting moves (?P<waiting>.+?), and few "
    r"events alone move (?P<few>.+?)\."
)
def without_waiting(reader: Reader, match: re.Match[str]) -> None:
    outcome, (waiting, few) = reader.memory["simulated"], ([], [])
    for ratio, kind in re.findall(rf"({N}) \(([^)]+)\)", match["ratios"]):
        key = _simulated_key(reader, outcome, kind)
        there = _simulated_key(reader, outcome, kind, where="random")
        reader.number(ratio, reader.value(**there, statistic="hazard_ratio"), kind)
        late, bias = (reader.value(**x, statistic="bias") for x in (key, there))
        errors = [reader.value(**x, statistic="bias_mc_error") for x in (key, there)]
        reader.expect(all(map(isfinite, (late, bias, *errors))), f"{kind} cannot be compared")
        waiting += [kind] if abs(late - bias) > 2 * hypot(*errors) else []
        few += [kind] if abs(bias) > 2 * errors[1] else []
    for text, kinds in ((match["waiting"], waiting), (match["few"], few)):
        said = [
            x
            for x in re.split(r", | and ", re.sub(r"^the | estimates?$", "", text))
            if "none" not in x
        ]
        reader.expect(said == kinds, f"{said} for {kinds}")


@pattern(
    rf"Where the true hazard ratio is (?P<truth>{N}), the time-varying interval excludes 1 in "
    rf"(?P<power>{_HELD}) of the cohorts(?:; the logarithm of such a ratio is on average "
    rf"(?P<times>{N}) times the truth, and on its other side in (?P<wrong>{N})% of them)?\."
)
def with_effect(reader: Reader, match: re.Match[str]) -> None:
    key = _simulated_key(reader, reader.memory["simulated"], "time-varying", where="effect")
    power, error = re.findall(rf"({N})%", match["power"])
    for text, name, scale in (
        (match["truth"], "true_hazard_ratio", 1),
        (power, "power", 100),
        (error, "power_mc_error", 100),
        (match["times"], "exaggeration", 1),
        (match["wrong"], "wrong_sign", 100),
    ):
        if text:
            reader.number(text, reader.value(**key, statistic=name), name, scale=scale)


def _simulated_key(
    reader: Reader, outcome: str, kind: str, *, where: str = "simulated"
) -> dict[str, object]:
    """The rows of an estimator in a kind of cohorts; a landmark's are told apart by its time."""
    names = {"fixed": "fixed", "time-varying": "time_varying", "cloned": "cloned"}
    name = f"{where}_consolidation_{names.get(kind, 'landmark')}"
    key: dict[str, object] = {"analysis": name, "outcome": outcome, "population": "responders"}
    key |= {"variable": "consolidation_any", "level": "yes", "contrast": "yes_vs_no"}
    return key if kind in names else key | {"time_months": _month(reader, kind.split()[-1])}


@pattern(r"(?P<label>[^:.]+?): no simulated cohort gives an estimate\.")
def no_simulated(reader: Reader, match: re.Match[str]) -> None:
    outcome = reader.memory["simulated"] = reader.outcome(match["label"])
    for name in ("fixed", "time_varying"):
        rows = reader.world.where(
            f"simulated_consolidation_{name}", outcome=outcome, statistic="bias"
        )
        reader.expect(not any(isfinite(x["value"]) for x in rows), f"{name} gives one")
