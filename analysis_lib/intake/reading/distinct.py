"""The distinct texts of a column: what is done to a text is done once, however often it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

Coded = tuple[list[str], np.ndarray]


def distinct(column: pd.Series) -> Coded:
    """The distinct texts in the order in which they first stand, and the place of each row's."""
    places, texts = pd.factorize(column.to_numpy(dtype=object))
    return texts.tolist(), places.astype(np.int32)


def each_distinct(column: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """The column with every text changed; the column itself where no text is."""
    texts, places = distinct(column)
    changed = list(map(change, texts))
    if changed == texts:
        return column
    return pd.Series(np.array(changed, dtype=object)[places], index=column.index, name=column.name)


def renamed_texts(column: pd.Series, names: Mapping[str, str]) -> pd.Series:
    """The column with the texts that have another name under that name."""
    return each_distinct(column, lambda text: names.get(text, text))
