"""A folder to start an extract from: empty tables, the variables, an example, a mapping file."""

from __future__ import annotations

from analysis_lib.source.template.files import template_files
from analysis_lib.source.template.folder import write_template

__all__ = ["template_files", "write_template"]
