"""A few openly synthetic patients that show every column filled."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis_lib.errors import SourceError

PATIENTS = 6


def example_patients(synthetic: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Patients chosen one after another for the columns that those before them leave empty.

    Raises
    ------
    SourceError
        A row does not say that it is synthetic: no patient may become an example.
    """
    if (synthetic["data_origin"] != "synthetic").any():
        raise SourceError(
            "template: data_origin must be synthetic in every row the example is chosen from"
        )
    table = synthetic.reindex(columns=list(columns), fill_value="")
    filled = (table != "").to_numpy()
    chosen: list[int] = []
    covered = ~filled.any(axis=0)
    for _ in range(min(PATIENTS, len(table))):
        adds = (filled & ~covered).sum(axis=1)
        adds[chosen] = -1
        chosen.append(int(adds.argmax()))
        covered |= filled[chosen[-1]]
    return table.iloc[sorted(chosen)]
