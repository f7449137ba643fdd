"""analysis_lib.show"""
