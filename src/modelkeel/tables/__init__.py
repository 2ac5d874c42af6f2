"""Facts that a cloud engineer or an auditor would edit: data files, each row or file with its source and date.

One module a table; its function reads the file once and returns frozen rows.
"""
