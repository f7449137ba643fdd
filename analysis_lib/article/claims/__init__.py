"""analysis_lib.article.claims"""
