"""analysis_lib.study"""
