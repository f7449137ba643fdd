"""analysis_lib.results"""
