"""The cohorts and the reader of sentences stand beside the tests, the makers in `edges`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path += [str(Path(__file__).parent), str(Path(__file__).parents[1] / "edges")]
