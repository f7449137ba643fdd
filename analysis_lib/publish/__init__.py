"""analysis_lib.publish"""

import sys

# nbformat imports jsonschema, and that, where JupyterLab is installed, a grammar of addresses which
# takes a second to be compiled and which no notebook is checked by.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
