"""Read an extract as text, before any value is interpreted."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis_lib.errors import SourceError


def read_table(path: Path) -> pd.DataFrame:
    """Read a CSV extract with every value as stripped text; empty text is missing.

    Raises
    ------
    SourceError
        The file is absent, unreadable, empty, not UTF-8, not a table, or repeats a column.
    """
    if path.is_dir():
        raise SourceError(f"cohort: {path.name} is a folder; name the CSV file in it")
    try:
        frame = pd.read_csv(
            path, dtype=str, keep_default_na=False, encoding="utf-8-sig", header=None
        )
    except FileNotFoundError:
        raise SourceError(
            f"cohort: there is no file {path.name} in {path.parent.name or '.'}/; "
            "check the name (relative paths start at the project's folder)"
        ) from None
    except OSError as error:
        raise SourceError(f"cohort: {path.name} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SourceError(f"cohort: {path.name} is not UTF-8 text; save it as CSV UTF-8") from None
    except pd.errors.EmptyDataError:
        raise SourceError(
            f"cohort: {path.name} is empty; it needs a header and one row per patient"
        ) from None
    except pd.errors.ParserError as error:
        raise SourceError(
            f"cohort: {path.name} is not a table ({str(error).strip()}); "
            "every row needs as many fields as the header"
        ) from None
    frame = frame.apply(lambda column: column.str.strip())
    header = frame.iloc[0].tolist()
    for name in header:
        if header.count(name) > 1:
            raise SourceError(f"cohort: column {name!r} stands twice in {path.name}; keep one")
    if len(frame) < 2:
        raise SourceError(f"cohort: {path.name} has a header but no patients; add one row each")
    table = frame.iloc[1:].set_axis(header, axis=1).reset_index(drop=True)
    table.index = table.index + 2
    return table
