"""analysis_lib.publish"""
