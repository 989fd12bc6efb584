"""Who runs this process, as the system knows them."""

import os
import pwd


def person() -> str:
    """Give the login name of the process's user, or the number of one that has none."""
    number = os.geteuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
