"""Where things stand. All paths hang on the project's own folder, so commands may be called from anywhere."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RAW = ROOT / "raw"
CURATED = ROOT / "curated"
DATABASE = CURATED / "leadership.db"
CSV = CURATED / "csv"
KEPT = CURATED / ".kept"  # what was made of sheets, for the next build
CHANGELOG = ROOT / "CHANGELOG.md"
METADATA = ROOT / "metadata.yml"
SITE = ROOT / "scripts" / "site"
SHEET_SCHEMA = RAW / "sheet.schema.json"
