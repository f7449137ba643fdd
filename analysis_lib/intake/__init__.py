"""analysis_lib.intake"""
