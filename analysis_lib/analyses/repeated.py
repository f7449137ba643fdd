"""What is computed by the hundred or thousand: kept, so that a report computes it once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from analysis_lib.analyses.consolidation.simulated import consolidation_simulation_results
from analysis_lib.analyses.curve import specification_curve
from analysis_lib.analyses.kept import kept_results
from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.results import Results, combine
from analysis_lib.analyses.screening.bootstrap import screen_bootstrap_results
from analysis_lib.analyses.screening.coverage import screen_simulation_results
from analysis_lib.analyses.vocabulary import check_vocabulary
from analysis_lib.cohort import Study
from analysis_lib.simulation import Progress, no_progress


def consolidation_simulation(
    study: Study, *, progress: Progress = no_progress
) -> Results | Omitted:
    """Bias and coverage of each estimator of consolidation where it changes nothing."""
    return kept_results(
        study,
        "consolidation_simulation",
        lambda: consolidation_simulation_results(study, progress=progress),
    )


def screen_bootstrap(study: Study, *, progress: Progress = no_progress) -> Results | Omitted:
    """The screen and its model in bootstrap resamples."""
    return kept_results(
        study, "screen_bootstrap", lambda: screen_bootstrap_results(study, progress=progress)
    )


def screen_simulation(study: Study, *, progress: Progress = no_progress) -> Results | Omitted:
    """Bias and coverage of the exposure's interval after a screen, where the truth is known."""
    return kept_results(
        study, "screen_simulation", lambda: screen_simulation_results(study, progress=progress)
    )


def repeated_results(study: Study, *, progress: Progress = no_progress) -> Results:
    """The simulations, the bootstrap and the specification curve, as far as they can be had."""
    results = combine(study, _parts(study, progress))
    check_vocabulary(results, study.dictionary)
    return results


def _parts(study: Study, progress: Progress) -> Iterator[Results]:
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
