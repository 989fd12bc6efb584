"""Tracking numbers as each carrier writes them, check digits included."""

from collections.abc import Callable

_UPS_SERVICE_CODE = "03"


def ups(serial: int) -> str:
    """Write 1Z, shipper, service, seven digits and UPS's check digit."""
    body = f"PT7U1X{_UPS_SERVICE_CODE}{serial % 10**7:07d}"
    return f"1Z{body}{ups_check(body)}"


def usps(serial: int) -> str:
    """Write 22 digits ending in the modulo-10 check digit of IMpb."""
    body = f"94001112{serial % 10**13:013d}"
    return f"{body}{usps_check(body)}"


def fedex(serial: int) -> str:
    """Write 12 digits ending in FedEx's modulo-11 check digit."""
    body = f"77{serial % 10**9:09d}"
    return f"{body}{fedex_check(body)}"


def postal(serial: int) -> str:
    """Write a UPU S10 number of Royal Mail: AA, eight digits, a check digit, GB."""
    body = f"{serial % 10**8:08d}"
    return f"TT{body}{postal_check(body)}GB"


def amazon(serial: int) -> str:
    """Write TBA and twelve digits."""
    return f"TBA{serial % 10**12:012d}"


def ontrac(serial: int) -> str:
    """Write C and fourteen digits."""
    return f"C{serial % 10**14:014d}"


def dpd(serial: int) -> str:
    """Write fourteen digits under one depot."""
    return f"1550{serial % 10**10:010d}"


def evri(serial: int) -> str:
    """Write H, a client letter group and digits, sixteen signs in all."""
    return f"H00PT{serial % 10**11:011d}"


def ups_check(body: str) -> int:
    """Compute UPS's check digit of the fifteen signs after 1Z."""
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in body]
    return -(sum(values[0::2]) + 2 * sum(values[1::2])) % 10


def usps_check(body: str) -> int:
    """Compute the check digit of an IMpb's first 21 digits."""
    weighed = (int(c) * (3 if i % 2 == 0 else 1) for i, c in enumerate(reversed(body)))
    return -sum(weighed) % 10


def fedex_check(body: str) -> int:
    """Compute FedEx's check digit of eleven digits."""
    return sum(int(c) * (3, 1, 7)[i % 3] for i, c in enumerate(body)) % 11 % 10


def postal_check(body: str) -> int:
    """Compute the UPU's S10 check digit of eight digits."""
    weights = (8, 6, 4, 2, 3, 5, 9, 7)
    check = 11 - sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11
    return {10: 0, 11: 5}.get(check, check)


NUMBERINGS: dict[str, Callable[[int], str]] = {
    "ups": ups,
    "usps": usps,
    "fedex": fedex,
    "postal": postal,
    "amazon": amazon,
    "ontrac": ontrac,
    "dpd": dpd,
    "evri": evri,
}
