"""The closed set of checks that the table of rules is written with."""
