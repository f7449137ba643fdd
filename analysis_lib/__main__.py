"""`python -m analysis_lib` is `cart-report`."""

from __future__ import annotations

import sys

from analysis_lib.command_line.main import main

if __name__ == "__main__":
    sys.exit(main())
