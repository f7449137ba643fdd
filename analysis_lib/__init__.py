"""A literate clinical report on outcomes after CAR T-cell therapy, by prior exposure."""

from __future__ import annotations

__version__ = "0.1.0"

# For what is computed here a second thread of BLAS waits longer than it computes: the matrices are
# small or narrow, and there are thousands. It is read when numpy is imported.
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
