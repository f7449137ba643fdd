"""analysis_lib.article.comparison"""
