"""The attacker's sums and the makers of cohorts stand beside tests; importlib looks for neither."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
sys.path.append(str(Path(__file__).parents[1] / "edges"))
