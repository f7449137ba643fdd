"""What is left out, and why: the reason must be true of the results."""

from __future__ import annotations

import re
from math import isnan

from reading.numbers import N
from reading.reader import Reader, pattern


@pattern(
    r"The extract records no (?P<what>response to|timing of) (?!the exposure;)(?:the "
    r"exposure, )?(?P<exposure>.+?); "
    r"(?:.+? is left out|.+? cannot be compared)\."
)
def no_such_grouping(reader: Reader, match: re.Match[str]) -> None:
    """Only the exposure of the article has a response and a timing."""
    reader.expect(
        match["exposure"].casefold() == exposure_label(reader).casefold(), "another exposure"
    )
    kind = "response" if match["what"] == "response to" else "timing"
    for analysis in (f"survival_by_{kind}", f"baseline_by_{kind}"):
        reader.expect(not reader.world.where(analysis=analysis), f"there is {analysis}")


def exposure_label(reader: Reader) -> str:
    """What the exposure is called."""
    given = reader.world.parameters.exposure_label
    names = [k for k, v in reader.world.labels.items() if reader.world.exposure in v]
    return given or (names or [""])[0]


@pattern(
    r"(?:The extract records no (?P<name>CRS|ICANS); its onset is left out"
    r"|Nobody had (?P<none>CRS|ICANS); its onset is left out)\."
)
def no_onset(reader: Reader, match: re.Match[str]) -> None:
    """Not recorded is not the same as nobody affected."""
    name = (match["name"] or match["none"]).lower()
    row = reader.world.row(
        analysis="toxicity", outcome=name, population=f"{name}_evaluable", statistic="count"
    )
    reader.expect((row is None) == bool(match["name"]), f"{name} is recorded: {row}")
    reader.expect(row is None or row["value"] == 0, "somebody had it")


@pattern(r"The extract records no date of onset of (?P<name>CRS|ICANS); its onset is left out\.")
def no_onset_date(reader: Reader, match: re.Match[str]) -> None:
    name = match["name"].lower()
    reader.expect(not reader.world.where(analysis="toxicity_onset", outcome=name), "it has")


@pattern(
    r"No relapse is recorded by the data lock; relapse and death without relapse are not "
    r"told apart\."
)
def no_relapse(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "response", "outcome": "relapse", "population": "infused"}
    row = reader.world.row(**key, statistic="count")
    reader.expect(row is None or row["value"] == 0, f"{row} relapses are")
    reader.expect(not reader.world.where(analysis="competing_risks"), "they are told apart")


@pattern(
    r"Survival is counted from (?P<zero>.+?), and only patients who lived to infusion are in the "
    r"extract\. Each therefore enters the numbers at risk on the day of infusion: curves, log-rank "
    r"tests and Cox models take delayed entry into account, and what would need everyone from "
    r"(?P<same>.+?) on is left out\. A curve says who lived on among those who had entered, and "
    r"where these are few an early event moves all of it; who died before infusion is in no row\."
)
def delayed_entry(reader: Reader, match: re.Match[str]) -> None:
    _enters_late(reader, match["zero"])
    reader.expect(match["zero"] == match["same"], "which time zero?")
    for what in _FROM_START:
        _is_left_out(reader, what)


def _enters_late(reader: Reader, zero: str) -> None:
    given = reader.world.parameters.time_zero
    reader.expect(given != "infusion_date", "it is from infusion")
    reader.expect(zero in given, f"time zero is {given}")


# What takes everyone from time zero on: its analyses, and the statistic if not all of them.
_FROM_START = {
    "the specification curve": (("specification_curve",), ""),
    "the screen in resamples": (("screen_bootstrap",), ""),
    "the screen in simulated cohorts": (("screen_simulation",), ""),
    "a penalised model of all candidates": (
        ("cox_every_candidate_ridge", "cox_every_candidate_firth"),
        "",
    ),
    "standardised survival": (("standardised",), ""),
    "multiple imputation": (("cox_imputed_baseline", "cox_imputed_as_published"), ""),
    "cumulative incidence of relapse and of death without it": (("competing_risks",), ""),
    "the mean time free of the event": (("restricted_mean",), ""),
    "the hazard ratio before and after a cut": (("cox_before_cut", "cox_after_cut"), ""),
    "weighted survival": (("weighting_iptw", "weighting_overlap"), "survival"),
    "the jackknife over centres": (("cox_ladder_baseline",), "robust_ci_low"),
}


@pattern(
    r"Patients enter at infusion, later than (?P<zero>.+?), from which survival is counted; "
    r"(?P<what>.+?) would need everyone from the start and is left out\."
)
def needs_everyone(reader: Reader, match: re.Match[str]) -> None:
    _enters_late(reader, match["zero"])
    reader.expect(match["what"] in _FROM_START, f"what is {match['what']}?")
    _is_left_out(reader, match["what"])


def _is_left_out(reader: Reader, what: str) -> None:
    analyses, statistic = _FROM_START.get(what, ((), ""))
    at = {"statistic": statistic} if statistic else {}
    found = [x["value"] for name in analyses for x in reader.world.where(name, **at)]
    reader.expect(all(map(isnan, found)), f"there is {what}")


@pattern(
    r"The extract dates no relapse\. Progression-free survival therefore ends with death alone and "
    r"equals overall survival: it cannot be read as freedom from relapse\."
)
def ends_with_death(reader: Reader, match: re.Match[str]) -> None:
    events = {
        outcome: sum(
            x["value"]
            for x in reader.world.where(
                analysis="survival_by_exposure", outcome=outcome, statistic="events"
            )
        )
        for outcome in ("pfs", "os")
    }
    reader.expect(events["pfs"] == events["os"], f"events: {events}")


@pattern(
    rf"(?:No cohorts are simulated from|The screen is not repeated with|No penalised model is "
    rf"fitted "
    rf"with) (?P<n>{N}) events? and (?P<k>{N}) candidates?; that takes (?P<least>{N}) "
    rf"events and (?P<choice>{N}) candidates to (?:choose from|shrink)\."
)
def too_few_events(reader: Reader, match: re.Match[str]) -> None:
    few = float(match["n"]) < float(match["least"]) or float(match["k"]) < float(match["choice"])
    reader.expect(few, f"{match['n']} events are enough")


@pattern(
    rf"Nothing is imputed with (?P<n>{N}) events?; a model of imputed covariates takes "
    rf"(?P<least>{N})\."
)
def nothing_imputed(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(float(match["n"]) < float(match["least"]), "these are enough")


@pattern(r"Every patient was evaluable for response; none has to be assumed\.")
def all_evaluable(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "response", "outcome": "response_not_evaluable", "population": "infused"}
    row = reader.world.row(**key, statistic="count")
    reader.expect(row is None or row["value"] == 0, f"not evaluable were {row}")


@pattern(
    r"(?:Every response to the exposure in the models is known; none has to be assumed"
    r"|No response to the exposure is unknown; model B stands as it is)\."
)
def every_response_known(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(not reader.world.where(analysis="cox_unknown_response_widest"), "one is not")


@pattern(
    r"The extract records no response to the exposure; (?:none can be assumed|model B is left "
    r"out)\."
)
def no_response_to_it(reader: Reader, match: re.Match[str]) -> None:
    reader.expect(not reader.world.where(analysis="cox_as_published_b"), "it does")


@pattern(r"No responder was consolidated; there is nothing to compare\.")
def nobody_consolidated(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "response", "outcome": "consolidation_any", "population": "responders"}
    row = reader.world.row(**key, statistic="count")
    reader.expect(row is None or row["value"] == 0, f"consolidated were {row}")


@pattern(r"Every responder was consolidated; there is nothing to compare with\.")
def all_consolidated(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "response", "outcome": "consolidation_any", "population": "responders"}
    row = reader.world.row(**key, statistic="count")
    reader.expect(row is None or row["value"] == row["denominator"], f"consolidated were {row}")


@pattern(
    r"No patient is known to have responded to the infusion; consolidation after response is "
    r"left out\."
)
def nobody_responded(reader: Reader, match: re.Match[str]) -> None:
    key = {"analysis": "response", "outcome": "cr_cri", "population": "infused"}
    row = reader.world.row(**key, statistic="count")
    reader.expect(row is None or row["value"] == 0, f"responders were {row}")


@pattern(r"No covariate of these models is missing in anyone(?:; nothing is imputed)?\.")
def nothing_missing(reader: Reader, match: re.Match[str]) -> None:
    for name in ("baseline", "as_published"):
        for row in reader.world.where(analysis=f"complete_cases_{name}", statistic="count"):
            reader.expect(row["value"] == row["denominator"], f"{name} lacks {row}")


@pattern(
    r"(?:No assessed non-response is recorded, so it cannot be counted as an event"
    r"|No response to the infusion is recorded, so no model can be fitted in "
    r"(?P<responders>responders)"
    r"|No minimum follow-up is asked for, so none can be asked for in another way"
    rf"|Nobody was infused {N} days before the data lock"
    r"|Restricted to infusions by .+?"
    r"|Bridging therapy is the same in all patients or not recorded)\."
)
def no_choice(reader: Reader, match: re.Match[str]) -> None:
    """A choice that these patients do not leave."""
    if match["responders"]:
        rows = reader.world.where("response", outcome="cr_cri", statistic="count")
        reader.expect(all(x["value"] == 0 for x in rows), "there are responders")
