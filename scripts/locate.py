"""Fill in what only the texts can tell: digest, line count, blank lines and the start of every anchor of each sheet.

Needs SOURCE_TEXTS, the folder of the texts. A sheet with other faults is left as it is.
"""

from __future__ import annotations

import sys

from leadership import paths
from leadership.locating import locate, read_text
from leadership.pipeline import source_texts
from leadership.reading import read_file


def main() -> int:
    texts = source_texts()
    if not texts:
        print("SOURCE_TEXTS must name the folder of the texts, for example SOURCE_TEXTS=../shared/sources", file=sys.stderr)
        return 2
    faults = []
    for path in sorted((paths.RAW / "sources").glob("*.yml")):
        document = read_file(path, f"raw/sources/{path.name}")
        faults += document.faults
        if document.faults:
            continue
        text = read_text(texts, document.data["source"]["document"])
        if text is None:
            print(f"{path.name}: its text is not in {texts}; left as it is")
            continue
        old = path.read_text(encoding="utf-8")
        new = locate(old, document, text)
        if new != old:
            path.write_text(new, encoding="utf-8")
        print(f"{path.name}: {'filled in' if new != old else 'nothing to do'}")
    print(*faults, sep="\n", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
