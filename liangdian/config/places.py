"""Where things lie on disk. Known before Django is."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("LIANGDIAN_VAR", ROOT / "var")).resolve()
ASSETS = Path(os.environ.get("LIANGDIAN_ASSETS", ROOT / "node_modules")).resolve()
INSTALLATION = VAR / "installation.env"
