"""The variable dictionary: one typed `Variable` per row of `data/dictionary.csv`.

Everything that must know what a variable is asks the dictionary: its type, label, levels, order,
reference level and plausible range, when it is known, what it is made of, whom it concerns, and
what registries call it.
"""

from analysis_lib.dictionary.file import COLUMNS, FURTHER_COLUMNS, TYPES, read_dictionary
from analysis_lib.dictionary.variable import (
    AT_ZERO,
    BEFORE_EXPOSURE,
    BEFORE_ZERO,
    BRIDGING,
    CONSOLIDATION_COLUMNS,
    EARLIER,
    ENDPOINT_PARTS,
    FIXED,
    INFUSED,
    INFUSION,
    PARTS,
    RELAPSE,
    SAME_STAGES,
    STAGES,
    Dictionary,
    Variable,
    lower_first,
    nearest,
    one_line,
)

__all__ = [
    "AT_ZERO",
    "BEFORE_EXPOSURE",
    "BEFORE_ZERO",
    "BRIDGING",
    "COLUMNS",
    "CONSOLIDATION_COLUMNS",
    "EARLIER",
    "ENDPOINT_PARTS",
    "FIXED",
    "FURTHER_COLUMNS",
    "INFUSED",
    "INFUSION",
    "PARTS",
    "RELAPSE",
    "SAME_STAGES",
    "STAGES",
    "TYPES",
    "Dictionary",
    "Variable",
    "lower_first",
    "nearest",
    "one_line",
    "read_dictionary",
]
