"""analysis_lib.results.disclosure"""
