"""Reads sentences as a stranger would and holds each claim against the results table.

Nothing here knows how the sentences are made: they come as text, the results as records.
"""
