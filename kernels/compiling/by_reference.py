"""Records that compiled code takes by reference.

numba passes a named tuple by value: each number in it, and seven for each array, is an argument of its own, through
every call down. A loop that takes records of records has thousands of them, and most of its compilation was to carry
them. A class marked `record` is passed as one address: of its members as words of eight bytes, filled once for each
instance. A record is frozen, so compiled code may read a word when it needs it, and only once.

Marked are the records that Python makes and kernels read. Kernels cannot make one, nor return one or an array of its
(the caller holds that already); records that kernels make stay plain named tuples.
"""

import hashlib
import struct
from functools import cache, cached_property
from typing import TypeVar

import numpy as np
from llvmlite import ir
from numba import typeof
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate
from numba.core.typing.typeof import typeof_impl
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    unbox,
)

WORD = ir.IntType(64)
Kind = TypeVar("Kind", bound=type)


class ByReference:
    """Adds the words to a named tuple. They are made when compiled code first asks, and kept as long as the record."""

    @cached_property
    def address(self) -> int:
        """Where the words begin."""
        if "words" not in self.__dict__:
            self.__dict__.setdefault(
                "words", np.array(_words(self), dtype=np.int64)
            )  # one thread's, if two ask at once
        return self.__dict__["words"].ctypes.data

    @cached_property
    def numba_type(self):
        """numba's type of it."""
        return _record_type(type(self), tuple(map(_type, self)))

    def __getstate__(self):
        return None  # addresses mean nothing to another process


def record(kind: Kind) -> Kind:
    """The class of named tuples `kind`, passed by reference to compiled code."""
    names = ("__module__", "__qualname__", "__doc__", "__annotations__")
    return type(kind.__name__, (ByReference, kind), {name: getattr(kind, name) for name in names})


class RecordType(types.Type):
    """numba's type of a record: its class, and the types of its members by name."""

    def __init__(self, instance_class, members):
        self.instance_class, self.members = instance_class, members
        digest = hashlib.sha256(repr(members).encode()).hexdigest()[:8]  # short: every symbol of a callee repeats it
        super().__init__(f"{instance_class.__qualname__}_{digest}")

    def place(self, name):
        """Number of the word where a member begins."""
        place = 0
        for other, kind in self.members.items():
            if other == name:
                return place
            place += _length(kind)
        raise KeyError(name)


def _length(kind):
    """Words of a member."""
    if isinstance(kind, types.Array):
        return 1 + kind.ndim * (1 if kind.layout == "C" else 2)
    if isinstance(kind, types.BaseTuple):
        return sum(_length(item) for item in kind)
    if isinstance(kind, (RecordType, types.Boolean)) or kind in (types.float64, types.int64, types.uint64):
        return 1
    raise TypeError(f"a record holds float64, int64, bool, arrays, tuples and records, not {kind}")


def _words(values):
    """The members as words, each as a signed whole number; addresses of what the record itself keeps alive."""
    words = []
    for value in values:
        kind = _type(value)
        if isinstance(kind, RecordType):
            words.append(value.address)
        elif isinstance(kind, types.Array):
            words += value.ctypes.data, *value.shape, *(() if kind.layout == "C" else value.strides)
        elif isinstance(kind, types.BaseTuple):
            words += _words(value)
        else:
            word = {types.float64: "d", types.uint64: "Q"}.get(kind, "q")
            words += struct.unpack("q", struct.pack(word, value))
    return words


_ARRAYS = {}  # types by what they depend on: numba makes and compares one at each look


def _type(value):
    """`typeof`, remembered where that is quick: planners make thousands of small records."""
    if isinstance(value, ByReference):
        return value.numba_type
    if type(value) is float:
        return types.float64
    if type(value) is not np.ndarray:
        return typeof(value)
    flags = value.flags
    key = value.dtype, value.ndim, flags.c_contiguous, flags.f_contiguous, flags.writeable, flags.aligned
    if key not in _ARRAYS:
        _ARRAYS[key] = typeof(value)
    return _ARRAYS[key]


@cache
def _record_type(instance_class, members):
    return RecordType(instance_class, dict(zip(instance_class._fields, members, strict=True)))


@typeof_impl.register(ByReference)
def _type_of(value, c):
    return value.numba_type


register_model(RecordType)(models.OpaqueModel)


@unbox(RecordType)
def _unbox(kind, value, c):
    number = c.pyapi.object_getattr_string(value, "address")
    failed = cgutils.is_null(c.builder, number)
    address = cgutils.alloca_once_value(c.builder, cgutils.get_null_value(cgutils.voidptr_t))
    with c.builder.if_then(c.builder.not_(failed)):
        c.builder.store(c.pyapi.long_as_voidptr(number), address)
        c.pyapi.decref(number)
    return NativeValue(c.builder.load(address), is_error=failed)


@infer_getattr
class _Members(AttributeTemplate):
    key = RecordType

    def generic_resolve(self, kind, name):
        return kind.members.get(name)


@lower_getattr_generic(RecordType)
def _member(context, builder, kind, value, name):
    words = builder.bitcast(value, WORD.as_pointer())
    return _loaded(context, builder, kind.members[name], words, kind.place(name))


def _loaded(context, builder, kind, words, place):
    """The member of type `kind` whose words begin at `place`."""
    if isinstance(kind, types.Array):
        return _array(context, builder, kind, words, place)
    if isinstance(kind, types.BaseTuple):
        items = []
        for item in kind:
            items.append(_loaded(context, builder, item, words, place))
            place += _length(item)
        return context.make_tuple(builder, kind, items)
    if isinstance(kind, types.Boolean):
        return builder.icmp_unsigned("!=", _word(builder, words, place, WORD), WORD(0))
    return _word(builder, words, place, context.get_value_type(kind))


def _array(context, builder, kind, words, place):
    """An array that is kept alive by the caller: it has no counter of references."""
    made = context.make_array(kind)(context, builder)
    data = context.get_data_type(kind.dtype).as_pointer()
    size = context.get_abi_sizeof(data.pointee)
    shape = [_word(builder, words, place + 1 + i, WORD) for i in range(kind.ndim)]
    if kind.layout == "C":
        strides = [WORD(size)]
        for length in reversed(shape[1:]):
            strides.insert(0, builder.mul(strides[0], length))
    else:
        strides = [_word(builder, words, place + 1 + kind.ndim + i, WORD) for i in range(kind.ndim)]
    count = WORD(1)
    for length in shape:
        count = builder.mul(count, length)
    made.data = _word(builder, words, place, data)
    made.shape = cgutils.pack_array(builder, shape)
    made.strides = cgutils.pack_array(builder, strides)
    made.itemsize = WORD(size)
    made.nitems = count
    made.meminfo = cgutils.get_null_value(made.meminfo.type)
    made.parent = cgutils.get_null_value(made.parent.type)
    return made._getvalue()


def _word(builder, words, place, kind):
    """The word at `place` as an LLVM value of `kind`."""
    at = builder.gep(words, [ir.IntType(32)(place)])
    found = builder.load(builder.bitcast(at, kind.as_pointer()), align=8)
    found.set_metadata("invariant.load", builder.module.add_metadata([]))
    return found
