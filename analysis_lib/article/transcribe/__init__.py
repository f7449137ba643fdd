"""A printed table, or a sentence on survival, as lines of a claims file for a person to check."""
