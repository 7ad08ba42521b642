"""``python -m benchmarks.pictures FOLDER``: draw the README's pictures from the results of ``make demo``."""

import sys
from pathlib import Path

from benchmarks.pictures import page, terminal

HERE = Path(__file__).parent
DEMONSTRATION = HERE.parent.parent / "allocator" / "demonstration" / "developing-together.xlsx"

if __name__ == "__main__":
    results = Path(sys.argv[1])
    terminal(DEMONSTRATION, results / "plan.json", HERE / "terminal.svg")
    page(results / "summary.html", HERE / "summary.png")
