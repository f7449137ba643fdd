"""Propose how an extract's columns and levels translate into the dictionary's."""

from __future__ import annotations

from analysis_lib.source.proposal.propose import Proposal, propose_mapping
from analysis_lib.source.proposal.written import mapping_text

__all__ = ["Proposal", "mapping_text", "propose_mapping"]
