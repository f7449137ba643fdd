"""What runs chapters in this process stands beside the tests of the edges."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "edges"))
