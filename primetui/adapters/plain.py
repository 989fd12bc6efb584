"""Words from outside, made plain before they reach a terminal."""


def shown(text: object) -> str:
    """Write a path or a foreign word so that a terminal prints it and does nothing else."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in str(text))
