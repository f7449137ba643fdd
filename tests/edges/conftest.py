"""The makers of cohorts stand beside the tests; importlib mode does not look there."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
