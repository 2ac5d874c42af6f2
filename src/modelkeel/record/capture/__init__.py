"""Runs one Pulumi program offline and captures what it registers.

This folder is run by path in the interpreter of a generated project, where modelkeel is not importable:
it imports the standard library, pulumi and itself (relatively), nothing else.
"""
