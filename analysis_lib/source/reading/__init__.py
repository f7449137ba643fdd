"""Read CSV, Excel and Parquet files into one and the same table of text."""

from __future__ import annotations

from analysis_lib.source.reading.options import Reading
from analysis_lib.source.reading.read import notes_on_file, read_table

__all__ = ["Reading", "notes_on_file", "read_table"]
