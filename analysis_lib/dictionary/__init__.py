"""The variable dictionary: one typed `Variable` per row of `data/dictionary.csv`.

Everything that must know what a variable is asks the dictionary: its type, label, levels, order,
reference level and plausible range, when it is known, what it is made of, whom it concerns, and
what registries call it.
"""

from analysis_lib.dictionary.file import COLUMNS, FURTHER_COLUMNS, TYPES, read_dictionary
from analysis_lib.dictionary.variable import (
    BRIDGING,
    CONSOLIDATION_COLUMNS,
    ENDPOINT_PARTS,
    INFUSED,
    PARTS,
    STAGES,
    Dictionary,
    Variable,
    lower_first,
    nearest,
    one_line,
)

__all__ = [
    "BRIDGING",
    "COLUMNS",
    "CONSOLIDATION_COLUMNS",
    "ENDPOINT_PARTS",
    "FURTHER_COLUMNS",
    "INFUSED",
    "PARTS",
    "STAGES",
    "TYPES",
    "Dictionary",
    "Variable",
    "lower_first",
    "nearest",
    "one_line",
    "read_dictionary",
]
