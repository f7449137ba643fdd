"""analysis_lib.article.audit"""
