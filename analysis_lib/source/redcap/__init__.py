"""Read REDCap exports with the project's data dictionary: codes become labels, boxes levels."""

from __future__ import annotations

from analysis_lib.source.redcap.codebook import Codebook, read_codebook, refuse_labels
from analysis_lib.source.redcap.export import Decoded, decode_export
from analysis_lib.source.redcap.variables import described_variables

__all__ = [
    "Codebook",
    "Decoded",
    "decode_export",
    "described_variables",
    "read_codebook",
    "refuse_labels",
]
