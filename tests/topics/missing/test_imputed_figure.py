"""The forest of imputed models: every number is drawn."""

from __future__ import annotations

from analysis_lib.format import format_ratio
from analysis_lib.topics.missing.figure import plot_imputed
from analysis_lib.topics.missing.imputed import imputed_effects


def test_imputed_models_stand_below_their_complete_cases(study, see) -> None:
    imputed = imputed_effects(study)
    seen = see(plot_imputed(imputed))
    assert seen.overlapping == [] and seen.outside == []
    assert seen.written.count("Complete cases") == seen.written.count("Multiple imputation") == 3
    for pair in imputed.pairs:
        ratio = pair.imputed.results.value(
            pair.imputed.contrast("exposed")._replace(statistic="hazard_ratio")
        )
        assert any(text.startswith(format_ratio(ratio)) for text in seen.written)
