"""The verb that says what Rithum calls a carrier and its service (R19)."""

import argparse

from primetui import present
from primetui.cli import shapes
from primetui.cli.desk import desk_of
from primetui.cli.talk import Exit, Voice
from primetui.domain.store import CarrierClass, Store
from primetui.errors import ConfigError
from primetui.ports import Desk
from primetui.usecases.manage_stores import find_store
from primetui.usecases.map_carrier_class import map_carrier_class, unmap_carrier_class


def map_carrier(arguments: argparse.Namespace, voice: Voice) -> int:
    """Map a carrier and its service, or take that back; without a carrier list what is mapped."""
    with desk_of(arguments) as desk:
        store = _changed(desk, find_store(desk, arguments.store), arguments)
    mapped = [one.model_dump() for one in store.carrier_classes]
    lines = [_line(one) for one in store.carrier_classes]
    voice.data(shapes.whole(store_id=store.id, mapped=mapped), lines)
    return Exit.DONE


def _changed(desk: Desk, store: Store, arguments: argparse.Namespace) -> Store:
    carrier, service = arguments.carrier, arguments.service or ""
    theirs = (arguments.as_carrier, arguments.as_class)
    if carrier is None:
        if any((service, *theirs, arguments.give_up)):
            raise ConfigError("Say which carrier: --carrier NAME.")
        return store
    if arguments.give_up:
        return unmap_carrier_class(desk, store.id, carrier, service)
    if not all(theirs):
        raise ConfigError("Say what Rithum calls it: --as-carrier NAME --as-class NAME, or --not.")
    return map_carrier_class(
        desk,
        store.id,
        CarrierClass(
            carrier=carrier, service=service, remote_carrier=theirs[0], remote_class=theirs[1]
        ),
    )


def _line(one: CarrierClass) -> str:
    service = present.plain(one.service) or "every service"
    theirs = f"{present.plain(one.remote_carrier)}, class {present.plain(one.remote_class)}"
    return f"{present.plain(one.carrier)}, {service}: {theirs}"
