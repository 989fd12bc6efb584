"""The doctor from the command line: exit code 3 while anything is not met."""

from pathlib import Path

from tests.cli.program import Console


def verdicts(data: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    """Read the verdicts."""
    return {finding["id"]: finding["verdict"] for finding in data["findings"]}


def test_R23_a_home_is_examined_and_told_what_to_do(console: Console, tmp_path: Path) -> None:
    """R23: with a worker's round and a backup, nothing of the home's own is unmet any more."""
    before = console.run("doctor", "--json")
    console.run("worker", "--once")
    console.run("db", "backup", str(tmp_path / "x.backup"))
    after = console.run("doctor", "--json")
    changed = {
        id_: (one, verdicts(after.data)[id_])
        for id_, one in verdicts(before.data).items()
        if one != verdicts(after.data)[id_]
    }

    assert 3 == before.code
    assert {"by-itself": ("not met", "met"), "backups": ("not met", "met")} == changed
    assert set(verdicts(after.data).values()) >= {"met", "cannot be told"}


def test_R23_a_home_that_others_can_read_is_a_finding(console: Console) -> None:
    """R23: it is not opened, and the finding says how to close it."""
    console.home.chmod(0o755)
    ran = console.run("doctor", "--json")
    access = next(one for one in ran.data["findings"] if one["id"] == "access")

    assert 3 == ran.code
    assert "not met" == access["verdict"]
    assert "chmod" in access["seen"]


def test_R23_in_words_each_requirement_is_a_line(console: Console) -> None:
    """R23: the remedy stands below what is not met."""
    ran = console.run("doctor")

    assert "NO backups: There are encrypted back-ups" in ran.out
    assert "      primetui db backup FILE\n" in ran.out
    assert "not met" in ran.err


def test_R23_an_exchanged_key_asks_for_a_new_backup(console: Console, tmp_path: Path) -> None:
    """R23: the exchange says so itself, and the doctor until there is one."""
    console.run("worker", "--once")
    console.run("db", "backup", str(tmp_path / "old"))
    rotated = console.run("db", "rotate-key")
    between = verdicts(console.run("doctor", "--json").data)["backups"]
    console.run("db", "backup", str(tmp_path / "new"))
    after = verdicts(console.run("doctor", "--json").data)["backups"]

    assert (0, True) == (rotated.code, "need the old key, which is not kept" in rotated.err)
    assert ("not met", "met") == (between, after)
    assert 2 == console.run("db", "restore", str(tmp_path / "old"), "--yes").code
