"""Buy on a small disk of one's own that fills up at every instant, or is read-only.

Runs in a mount namespace: `small_disk.py full|read-only FOLDER`; prints what was said, by count.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from primetui.errors import RepositoryError
from primetui.usecases.purchase_label import NotBought, Purchased
from tests.simulation.deeds import Deeds
from tests.simulation.town import Town
from tests.simulation.truth import check, settle

SIZE = "2m"
PAGE = 4096


def mount(*options: str) -> None:
    """Mount something."""
    subprocess.run(["mount", *options], check=True, capture_output=True)  # noqa: S607 - system's


def fill(disk: Path, leave: int) -> None:
    """Take all the room there is, but for some pages."""
    room = os.statvfs(disk)
    pages = room.f_bavail * room.f_frsize // PAGE
    with (disk / "filler").open("wb") as filler:
        filler.write(b"\0" * max(0, pages - leave) * PAGE)


def full(folder: Path) -> Counter[str]:
    """Fill the disk at every third touch of a purchase, leaving no page, one, a few, or enough."""
    said: Counter[str] = Counter()
    for leave in (0, 1, 8, 64):
        for touch in range(0, 75, 3):
            disk = folder / f"disk-{leave}-{touch}"
            disk.mkdir()
            mount("-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(disk))
            said[one_purchase(disk, touch, leave)] += 1
            subprocess.run(["umount", str(disk)], check=True)  # noqa: S607 - the system's
    return said


def one_purchase(disk: Path, touch: int, leave: int) -> str:
    """Buy while the disk fills up; then make room, and demand that everything is as it should."""
    town = Town(disk / "home")
    try:
        deeds = Deeds(town)
        order_id = town.arrive()
        town.later(300)
        for name in ("import", "rates"):
            town.do(0, deeds.named(name, order_id))
        town.fuses[0].interrupt_at(touch, lambda: fill(disk, leave))
        answer = town.do(0, deeds.named("buy old", order_id))
        sold = len(town.sandbox.truth()[order_id]["labels"])
        assert sold == 1 if isinstance(answer, Purchased) else True
        assert sold == 0 if isinstance(answer, NotBought) else True
        check(town)
        (disk / "filler").unlink(missing_ok=True)
        settle(town)
    finally:
        town.close()
    return type(answer).__name__


def read_only(folder: Path) -> Counter[str]:
    """Open a home on a disk that has become read-only: refused in words before anything is sent."""
    mount("-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder))
    Town(folder / "home").close()
    mount("-o", "remount,ro", str(folder))
    try:
        Town(folder / "home").close()
    except RepositoryError as error:
        return Counter(["refused" if "make that folder yours" in str(error) else str(error)])
    return Counter(["opened"])


if __name__ == "__main__":
    chosen = {"full": full, "read-only": read_only}[sys.argv[1]]
    print(json.dumps(chosen(Path(sys.argv[2]))))  # noqa: T201 - the answer to the test
