"""Read a built report again, and prove that its pages say what its results say."""

from __future__ import annotations
