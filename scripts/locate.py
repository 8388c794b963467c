"""Fill in what only the texts can tell: digest, line count, blank lines and the start of every anchor of each sheet.

Needs SOURCE_TEXTS, the folder of the texts. A sheet with other faults is left as it is.
"""

from __future__ import annotations

import sys

from leadership import paths
from leadership.locating import locate, read_text
from leadership.pipeline import source_texts
from leadership.reading import read_file
from leadership.sheets import UNLOCATED_SHEET, check_shape


def main() -> int:
    texts = source_texts()
    if not texts:
        print("SOURCE_TEXTS must name the folder of the texts, for example SOURCE_TEXTS=../shared/sources", file=sys.stderr)
        return 2
    faults = []
    for path in sorted((paths.RAW / "sources").glob("*.yml")):
        document = read_file(path, f"raw/sources/{path.name}")
        if document.faults or not check_shape(document, UNLOCATED_SHEET):
            faults += document.faults
            continue
        text = read_text(texts, document.data["source"]["document"])
        if text is None:
            print(f"{path.name}: its text is not in {texts}; left as it is")
            continue
        new = locate(document.text, document, text)
        if new != document.text:
            path.write_text(new, encoding="utf-8", newline="")
        print(f"{path.name}: {'filled in' if new != document.text else 'nothing to do'}")
    print(*faults, sep="\n", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
