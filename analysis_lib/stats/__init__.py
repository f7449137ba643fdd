"""Estimators and tests over plain Series, each returning a frozen dataclass of raw numbers."""
