"""analysis_lib.estimates"""
