"""The extract that parameters name, read once while its files stay as they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from analysis_lib.dictionary import read_dictionary
from analysis_lib.intake.extract import Extract, load_extract
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.study.content import content_of
from analysis_lib.study.naming import with_own_noun

_READ: dict[str, Extract] = {}


def read_extract(parameters: Parameters, root: Path) -> Extract:
    """The typed extract; the one that was read last stays while its files are as they were.

    Raises
    ------
    CartReportError
        Dictionary, mapping or extract are refused.
    """
    names = {name: getattr(parameters, name) for name in ("cohort", "dictionary", "mapping")}
    try:
        content = content_of(Parameters(**names, claims=""), root)
    except OSError:  # whoever reads the file says what is wrong with it
        content = ""
    if not content or content not in _READ:
        _READ.clear()
        shipped = read_dictionary(root / parameters.dictionary)
        mapping = root / parameters.mapping if parameters.mapping else None
        loaded = load_extract(root / parameters.cohort, shipped, mapping)
        own = with_own_noun(loaded.dictionary, shipped)
        _READ[content] = replace(loaded, dictionary=own)
    return _READ[content]
