"""A process that imports one store each time it is told to; a test starts two of them at once.

Run as `python -m tests.usecases.importer HOME STORE_ID`: it reads a line, imports, answers a line.
"""

import json
import sys
from pathlib import Path

from primetui import bootstrap
from primetui.config import Settings
from primetui.domain.store import StoreId
from primetui.usecases.import_orders import import_orders
from tests.shop import Clock, QuickPace


def main() -> None:
    """Import whenever a line comes in, until there are no more."""
    home, store_id = Path(sys.argv[1]), StoreId(sys.argv[2])
    clock = Clock()
    settings = Settings(home=home, operator=store_id)
    with bootstrap.open_desk(settings, clock=clock, pace=QuickPace().pace()) as desk:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        for line in sys.stdin:
            clock.advance(seconds=float(line))
            (done,) = import_orders(desk, store_id)
            report = {"failure": done.failure, "added": done.report.added}
            sys.stdout.write(json.dumps(report | {"errors": done.report.errors}) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
