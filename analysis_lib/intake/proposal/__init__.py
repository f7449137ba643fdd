"""analysis_lib.intake.proposal"""
