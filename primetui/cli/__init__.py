"""The command line: stdout is data, stderr is talk, the exit code is the verdict.

Starting it loads neither the console nor a connector: each verb imports what it needs, so that
`primetui --version` and scripts start at once.
"""

from primetui.cli.entry import run

__all__ = ["run"]
