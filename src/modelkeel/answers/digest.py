"""One line that tells whether answers changed."""

from __future__ import annotations

import hashlib
import json

from modelkeel.answers.model import Answers, flat


def digest(answers: Answers) -> str:
    """Return `sha256:` and the hash of the answers in canonical JSON; key order and file layout do not count."""
    canonical = json.dumps(flat(answers), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()
