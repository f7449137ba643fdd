"""What a study computes, once: notebooks, results table and gate ask for the same analyses."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from analysis_lib.study.study import Study

_Options = ParamSpec("_Options")
_Made = TypeVar("_Made")
_OfStudy = Callable[Concatenate[Study, _Options], _Made]


def once(analysis: _OfStudy[_Options, _Made]) -> _OfStudy[_Options, _Made]:
    """Compute an analysis once for each study and its options, which must be hashable.

    A study with another parameter or other patients is another object, and starts anew.
    """

    @functools.wraps(analysis)
    def kept(study: Study, /, *options: _Options.args, **named: _Options.kwargs) -> _Made:
        asked = (analysis.__module__, analysis.__qualname__, options, tuple(named.items()))
        if asked not in study.computed:
            study.computed[asked] = analysis(study, *options, **named)
        return study.computed[asked]  # type: ignore[return-value]

    return kept
