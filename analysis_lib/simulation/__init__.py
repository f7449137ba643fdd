"""Simulated cohorts in which the truth is known, and how estimators do in them."""
