"""Answers about scale and compliance in; a governed MLOps repository and its AWS infrastructure out."""

__version__ = "0.1.0"
