"""analysis_lib.topics"""
