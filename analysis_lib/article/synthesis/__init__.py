"""analysis_lib.article.synthesis"""
