"""The whole results table: every analysis of the report once, in the vocabulary of the key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from analysis_lib.dictionary import Dictionary
from analysis_lib.errors import CohortError
from analysis_lib.results.disclosure.release import combine
from analysis_lib.results.rows import Omitted, Results, Row
from analysis_lib.results.store import kept_results
from analysis_lib.results.vocabulary import (
    ANALYSES,
    OF_CLAIMS,
    OUTCOMES,
    POPULATIONS,
    STATISTICS,
    UNITS,
    VARIABLES,
)
from analysis_lib.simulation.performance import OnProgress, no_progress
from analysis_lib.study.derive import REASONS
from analysis_lib.study.study import Study
from analysis_lib.topics.baseline.numbers import (
    baseline_by_exposure,
    baseline_by_response,
    baseline_by_timing,
)
from analysis_lib.topics.competing.numbers import (
    relapse_and_death_by_exposure,
    toxicity_onset_by_exposure,
)
from analysis_lib.topics.consolidation.follow_up import responders_at_landmarks
from analysis_lib.topics.consolidation.numbers import consolidation_effects
from analysis_lib.topics.consolidation.simulated import consolidation_simulation_results
from analysis_lib.topics.effect.numbers import Ladder, exposure_ladder, sensitivity_to_choices
from analysis_lib.topics.estimands.numbers import study_estimands
from analysis_lib.topics.flow.numbers import exposure_doses, patient_flow
from analysis_lib.topics.gate.numbers import gate
from analysis_lib.topics.missing.bounds import response_bounds, unknown_response
from analysis_lib.topics.missing.imputed import imputed_effects
from analysis_lib.topics.missing.numbers import missing_data
from analysis_lib.topics.missing.patterns import LEVELS as PATTERNS
from analysis_lib.topics.over_time.numbers import hazard_periods, proportionality, restricted_means
from analysis_lib.topics.regression.numbers import (
    as_published_models,
    screen_candidates,
    screened_models,
)
from analysis_lib.topics.regression.response_contrast import response_contrast
from analysis_lib.topics.response.numbers import response_by_exposure
from analysis_lib.topics.screening.bootstrap import screen_bootstrap_results
from analysis_lib.topics.screening.numbers import screen_simulation_results
from analysis_lib.topics.screening.penalised import penalised_models
from analysis_lib.topics.specifications.numbers import specification_curve, summary_analyses
from analysis_lib.topics.specifications.space import curve_analyses
from analysis_lib.topics.survival.numbers import (
    Followup,
    followup,
    survival_by_exposure,
    survival_by_response,
    survival_by_timing,
)
from analysis_lib.topics.toxicity.numbers import toxicity_by_exposure
from analysis_lib.topics.weighting.numbers import exposure_propensity, weigh_groups
from analysis_lib.topics.weighting.positivity import check_positivity
from analysis_lib.topics.weighting.survival import weighted_survival
from analysis_lib.topics.weighting.unmeasured import e_values, leave_one_centre_out

# One name a specification of the curve, and one an option; the documentation says how.
CURVE = {**curve_analyses(), **summary_analyses()}


LEVELS = {
    "missing": "no value recorded",
    "some": "at least one dose",
    "none": "none of it: no dose, no toxicity",
    **PATTERNS,
    **REASONS,
    "reproduced": "printed as computed",
    "missed": "printed otherwise",
    "missed_by_one": "printed otherwise, by one in the last digit",
    "missed_by_more": "printed otherwise, by more than that",
    "missed_not_estimable": "printed, and not estimable here",
    "conflicting": "missed, and impossible beside other printed numbers",
    "not_computable": "printed, and not computed here",
    "impossible": "checks that no cohort can meet",
    "needs_another": "checks met with another denominator or test only",
    "not_checkable": "checks that lack a printed number",
    "consistent": "checks that are met",
    "in_report": "answered by the report",
    "by_authors": "for the authors to supply",
    "not_applicable": "does not apply",
}


_POPULATION = re.compile(r"^(?P<base>\w+)(\[(?P<variable>\w+)=(?P<level>[^\]]+)\])?$")


def check_vocabulary(results: Results, dictionary: Dictionary) -> None:
    """Refuse a row whose key uses a word that is not in the vocabulary.

    Raises
    ------
    CohortError
        Naming the row, the part of its key, and the word.
    """
    for row in results:
        for part, word, known in _parts(row, dictionary):
            if not known:
                raise CohortError(f"results: {word!r} is not a known {part}, in {row.key}")


def _parts(row: Row, dictionary: Dictionary) -> list[tuple[str, str, bool]]:
    key = row.key
    # Columns that a parameter names, and sections of the claims file: nobody can list them.
    included = key.variable.startswith(("include_", "section_"))
    return [
        ("analysis", key.analysis, key.analysis in ANALYSES or key.analysis in CURVE),
        ("outcome", key.outcome, key.outcome in ("", *OUTCOMES) or key.outcome in dictionary),
        ("population", key.population, _is_population(key.population, dictionary)),
        (
            "variable",
            key.variable,
            included or key.variable in ("", *VARIABLES) or key.variable in dictionary,
        ),
        (
            "level",
            key.level,
            key.analysis == OF_CLAIMS or _is_level(key.variable, key.level, dictionary),
        ),
        ("statistic", key.statistic, key.statistic in STATISTICS),
        ("unit", row.unit, row.unit in UNITS),
    ]


def _is_population(text: str, dictionary: Dictionary) -> bool:
    match = _POPULATION.match(text)
    if text == "" or match is None:
        return text == ""
    group = match["variable"]
    known = group is None or _is_level(group, match["level"], dictionary)
    return match["base"] in POPULATIONS and known


def _is_level(variable: str, level: str, dictionary: Dictionary) -> bool:
    if level == "" or level in LEVELS:
        return True
    if variable not in dictionary:
        return False
    described = dictionary[variable]
    return level in described.levels or described.type == "code"


class _Analysis(Protocol):
    @property
    def results(self) -> Results: ...


def all_results(study: Study) -> Results:
    """Every number of the report, keys unique and in the vocabulary."""
    results = combine(study, _patients_parts(study))
    check_vocabulary(results, study.dictionary)
    return results


def _patients_parts(study: Study) -> Iterator[Results]:
    yield patient_flow(study).results
    parts: list[_Analysis | Omitted] = [
        exposure_doses(study),
        baseline_by_exposure(study),
        baseline_by_response(study),
        baseline_by_timing(study),
        missing_data(study),
        toxicity_by_exposure(study),
        toxicity_onset_by_exposure(study),
        response_by_exposure(study),
        responders_at_landmarks(study),
    ]
    for outcome in study.parameters.endpoints:
        parts += [
            survival_by_exposure(study, outcome),
            survival_by_response(study, outcome),
            survival_by_timing(study, outcome),
            consolidation_effects(study, outcome),
            restricted_means(study, outcome),
            hazard_periods(study, outcome),
        ]
    parts.append(relapse_and_death_by_exposure(study))
    yield from (part.results for part in parts if not isinstance(part, Omitted))
    follow_up = followup(study)
    yield follow_up.results
    screen = screen_candidates(study)
    yield screen.results
    published = as_published_models(study)
    yield published.results
    contrasts = response_contrast(study, published)
    if not isinstance(contrasts, Omitted):
        yield contrasts.results
    screened = screened_models(study, screen)
    yield screened.results
    ladders = [exposure_ladder(study, outcome) for outcome in study.parameters.endpoints]
    yield from (ladder.results for ladder in ladders)
    yield from (proportionality(study, ladder).results for ladder in ladders)
    yield sensitivity_to_choices(study, ladders).results
    yield from _confounding(study, ladders, follow_up)
    beside: list[_Analysis | Omitted] = [
        penalised_models(study, screened),
        imputed_effects(study),
        unknown_response(study, published),
        response_bounds(study),
    ]
    yield from (part.results for part in beside if not isinstance(part, Omitted))


def _confounding(study: Study, ladders: Sequence[Ladder], follow_up: Followup) -> Iterator[Results]:
    """What is asked, how far the groups can be made alike, and what that can carry."""
    yield study_estimands(study).results
    propensity = exposure_propensity(study)
    weighting = weigh_groups(study, propensity)
    weighted = [weighted_survival(study, weighting, x) for x in study.parameters.endpoints]
    parts: list[_Analysis | Omitted] = [
        propensity,
        weighting,
        *weighted,
        check_positivity(study, propensity),
        e_values(study, ladders, weighted),
        *(leave_one_centre_out(study, ladder) for ladder in ladders),
        gate(study, ladders, propensity, weighting, follow_up),
    ]
    yield from (part.results for part in parts if not isinstance(part, Omitted))


def consolidation_simulation(
    study: Study, *, progress: OnProgress = no_progress
) -> Results | Omitted:
    """Bias and coverage of each estimator of consolidation where it changes nothing."""
    return kept_results(
        study,
        "consolidation_simulation",
        lambda: consolidation_simulation_results(study, progress=progress),
    )


def screen_bootstrap(study: Study, *, progress: OnProgress = no_progress) -> Results | Omitted:
    """The screen and its model in bootstrap resamples."""
    return kept_results(
        study, "screen_bootstrap", lambda: screen_bootstrap_results(study, progress=progress)
    )


def screen_simulation(study: Study, *, progress: OnProgress = no_progress) -> Results | Omitted:
    """Bias and coverage of the exposure's interval after a screen, where the truth is known."""
    return kept_results(
        study, "screen_simulation", lambda: screen_simulation_results(study, progress=progress)
    )


def repeated_results(study: Study, *, progress: OnProgress = no_progress) -> Results:
    """The simulations, the bootstrap and the specification curve, as far as they can be had."""
    results = combine(study, _repeated_parts(study, progress))
    check_vocabulary(results, study.dictionary)
    return results


def _repeated_parts(study: Study, progress: OnProgress) -> Iterator[Results]:
    parts: list[Callable[..., Results | Omitted]] = [
        screen_bootstrap,
        screen_simulation,
        consolidation_simulation,
    ]
    for part in parts:
        found = part(study, progress=progress)
        if not isinstance(found, Omitted):
            yield found
    curve = specification_curve(study, progress=progress)
    if not isinstance(curve, Omitted):
        yield curve.results
