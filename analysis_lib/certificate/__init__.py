"""A built report's numbers recomputed by an engine that shares no code with the library."""
