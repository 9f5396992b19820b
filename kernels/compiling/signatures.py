"""Signatures of kernels as text, so that they can be compiled before anybody calls them.

`signatures.json` has `records`, each with its class and the types of its members, and `kernels`: rows of module, name
and argument types, the dearest to compile first. A type is a name of numba's (`float64`), an array (`float64 2 C`: two
dimensions, C order), the name of a record, or a list for a tuple. `tests/kernels/signatures.py` writes the file anew.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

from numba import config
from numba.core import types

from kernels.compiling.by_reference import RecordType
from kernels.compiling.code_files import kept

FILE = Path(__file__).with_suffix(".json")


def listed() -> list:
    """Rows (module, name) of the kernels in the file, the dearest first."""
    return [(module, name) for module, name, _ in json.loads(FILE.read_text(encoding="utf-8"))["kernels"]]


def read() -> list:
    """Rows (kernel, signature) of the file, in its order; what does not fit the kernels of today is left out."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    return [row for entry in content["kernels"] if (row := _row(content["records"], *entry)) is not None]


def _row(records, module, name, arguments):
    try:
        kernel = getattr(import_module(module), name)
        return kernel, tuple(_type(argument, records) for argument in arguments)
    except (AttributeError, ImportError, KeyError, TypeError, ValueError):
        return None


def _type(text, records):
    if isinstance(text, list):
        return types.BaseTuple.from_types([_type(item, records) for item in text])
    if text in records:
        return _record(records[text], records)
    if " " in text:
        item, dimensions, layout = text.split()
        return types.Array(getattr(types, item), int(dimensions), layout)
    return getattr(types, text)


def _record(found, records):
    module, name = found["class"].split(":")
    members = {key: _type(text, records) for key, text in found["members"].items()}
    kind = getattr(import_module(module), name)
    if tuple(members) != kind._fields:
        raise ValueError(f"{name} has other members by now")
    return RecordType(kind, members) if found["by reference"] else types.BaseTuple.from_types(members.values(), kind)


def written(rows) -> str:
    """The text of the file, from rows (module, name, signature)."""
    records = {}
    kernels = [[module, name, [_text(argument, records) for argument in arguments]] for module, name, arguments in rows]
    lines = ",\n".join("  " + json.dumps(row) for row in kernels)
    kept = ",\n".join(f"  {json.dumps(name)}: {json.dumps(record)}" for name, record in sorted(records.items()))
    return f'{{\n "records": {{\n{kept}\n }},\n "kernels": [\n{lines}\n ]\n}}\n'


def _text(kind, records):
    if isinstance(kind, types.Array):
        if not kind.mutable or not kind.aligned:
            raise ValueError(f"{kind} has no text here")
        return f"{kind.dtype} {kind.ndim} {kind.layout}"
    if isinstance(kind, (RecordType, types.BaseNamedTuple)):
        return _record_name(kind, records)
    if isinstance(kind, types.BaseTuple):
        return [_text(item, records) for item in kind]
    return str(kind)


def _record_name(kind, records):
    """The name of a record in the file; a second one of the same class, with other types, has a number."""
    by_reference = isinstance(kind, RecordType)
    members = kind.members if by_reference else dict(zip(kind.fields, kind, strict=True))
    record = {
        "class": f"{kind.instance_class.__module__}:{kind.instance_class.__qualname__}",
        "by reference": by_reference,
        "members": {name: _text(member, records) for name, member in members.items()},
    }
    name, number = kind.instance_class.__name__, 1
    while records.setdefault(name, record) != record:
        number += 1
        name = f"{kind.instance_class.__name__} {number}"
    return name


def in_use() -> list:
    """Rows (module, name, signature) of what this process has compiled or loaded, the largest code first."""
    sizes = kept(Path(config.CACHE_DIR))
    rows = [
        (module, name, signature)
        for module, name in sizes
        if module in sys.modules and module.startswith("kernels.")
        for signature in getattr(sys.modules[module], name).overloads
    ]
    return sorted(rows, key=lambda row: -sizes[row[:2]])
