"""analysis_lib.intake.mapping"""
