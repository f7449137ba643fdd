"""analysis_lib.intake.rules"""
