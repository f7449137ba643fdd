"""analysis_lib.intake.redcap"""
