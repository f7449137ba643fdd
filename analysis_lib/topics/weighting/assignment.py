"""What weights are for where chance assigned the groups."""

from __future__ import annotations

from analysis_lib.show.prose import Prose, paragraph
from analysis_lib.study.study import Study


def describe_assignment(study: Study) -> Prose:
    """What weights are for where chance assigned the groups; nothing to say where it did not."""
    return paragraph(
        "The groups were assigned at random: nothing confounds their comparison, and what follows "
        "shows how alike chance has made them."
        if study.is_randomised
        else ""
    )
