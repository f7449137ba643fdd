"""analysis_lib.intake.reading"""
