"""The evidence as one ZIP file, the same bytes for the same graph, pack, waivers, tool and day."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

from modelkeel.report.evidence.page import page

MANIFEST = "SHA256SUMS"
_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP file can hold."""
_REGULAR_FILE = 0o100644 << 16


def bundle(document: Mapping[str, Any], parts: Mapping[str, str]) -> bytes:
    """Return the ZIP file: index.html to read, evidence.json, `parts` by file name, and the hashes of all.

    `SHA256SUMS` is checked by `sha256sum --check` where the bundle was unpacked.
    """
    evidence = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    texts = {"index.html": page(document, sorted(parts)), "evidence.json": evidence, **parts}
    files = {name: text.encode() for name, text in texts.items()}
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in sorted({**files, MANIFEST: sums.encode()}.items()):
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = _REGULAR_FILE
            archive.writestr(entry, data, compresslevel=9)
    return out.getvalue()
