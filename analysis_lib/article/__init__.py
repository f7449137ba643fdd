"""analysis_lib.article"""
