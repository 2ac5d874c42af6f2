"""Shapes that stand for families of services, drawn for this project on a field of 24 by 24 pixels."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

GLYPHS: Mapping[str, str] = MappingProxyType(
    {
        "compute": "M7 7h10v10H7z M10 10h4v4h-4z M9 3v4 M15 3v4 M9 17v4 M15 17v4 M3 9h4 M3 15h4 M17 9h4 M17 15h4",
        "document": "M6 3h8l4 4v14H6z M14 3v4h4 M9 12h6 M9 16h6",
        "network": "M12 3v5 M12 8a4 4 0 1 0 .01 0 M8.6 14 4 19 M15.4 14 20 19 M3 19h2v2H3z M19 19h2v2h-2z",
        "observe": "M3 13h4l2.5-7 4 13 2.5-8 1.5 2H21",
        "people": "M12 4a3.5 3.5 0 1 0 .01 0 M5 20c0-4.5 3-7 7-7s7 2.5 7 7z",
        "registry": "M12 3 3 8l9 5 9-5z M3 12l9 5 9-5 M3 16l9 5 9-5",
        "security": "M12 3 5 6v5c0 5 3 8 7 10 4-2 7-5 7-10V6z M9 12l2 2 4-4",
        "storage": "M5 6c0-4 14-4 14 0v12c0 4-14 4-14 0z M5 6c0 4 14 4 14 0 M5 12c0 4 14 4 14 0",
        "stream": "M3 8c3-4 6-4 9 0s6 4 9 0 M3 13c3-4 6-4 9 0s6 4 9 0 M3 18c3-4 6-4 9 0s6 4 9 0",
        "workflow": "M4 4h5v5H4z M15 15h5v5h-5z M15 4h5v5h-5z M9 6.5h6 M17.5 9v6",
    }
)
