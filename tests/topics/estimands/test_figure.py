"""The causal diagram."""

from __future__ import annotations

from collections.abc import Callable

from analysis_lib.study.study import Study
from analysis_lib.topics.estimands.figure import plot_causal_diagram
from analysis_lib.topics.estimands.numbers import study_estimands


def test_the_diagram_names_exposure_endpoints_and_covariates_by_label(
    study: Study, see: Callable
) -> None:
    estimands = study_estimands(study)
    written = " ".join(see(plot_causal_diagram(estimands)).written).replace("\n", " ")
    assert estimands.exposure.label in written
    for variable in estimands.endpoints:
        assert variable.label in written
    for one in estimands.covariates:
        label = one.variable.label[1:] + ("\u2217" if one.in_primary else "")
        assert label in written
