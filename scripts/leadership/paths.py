"""Where things stand. What belongs to a project hangs on its folder: the one around this code, if LEADERSHIP_PROJECT names no other."""

import os
from pathlib import Path

CODE = Path(__file__).resolve().parents[1]
ROOT = Path(os.environ.get("LEADERSHIP_PROJECT") or CODE.parent)
RAW = ROOT / "raw"
CURATED = ROOT / "curated"
DATABASE = CURATED / "leadership.db"
CSV = CURATED / "csv"
KEPT = CURATED / ".kept"  # what was made of sheets, for the next build
CHANGELOG = ROOT / "CHANGELOG.md"
METADATA = ROOT / "metadata.yml"
SHEET_SCHEMA = RAW / "sheet.schema.json"
SITE = next((folder for folder in (CODE / "site", CODE / "presentation" / "site") if (folder / "plugins").is_dir()), CODE / "site")
