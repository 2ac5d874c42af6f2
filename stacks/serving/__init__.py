"""Endpoints and scheduled scoring of the approved model."""
