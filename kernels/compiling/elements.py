"""Elements and views of arrays, in few instructions.

numba stores an array in memory and loads each field of it, for every element that is read or written: some sixty
instructions, which the optimiser brings down to six. Half of what it had to read was that. Here the six are written at
once, for indices that are integers or slices without a step, and arrays of numbers. Anything else, and code that checks
bounds, is numba's. Values are the same: a negative index counts from the end, a slice is cut at the ends.
"""

import operator

from llvmlite import ir
from llvmlite.ir.instructions import InsertValue
from numba.core import cgutils, types
from numba.core.imputils import impl_ret_borrowed, lower_builtin
from numba.np import arrayobj

MEMINFO, PARENT, ITEMS, ITEM_SIZE, DATA, SHAPE, STRIDES = range(7)  # fields of an array, in numba's order
START, STOP = range(2)  # of a slice


@lower_builtin(operator.getitem, types.Array, types.Integer)
@lower_builtin(operator.getitem, types.Array, types.SliceType)
def _read(context, builder, signature, args):
    kind, index = signature.args
    if not _plain(context, kind, (index,)):
        return arrayobj.getitem_arraynd_intp(context, builder, signature, args)
    found = _found(context, builder, signature.return_type, kind, args[0], (index,), args[1:])
    return impl_ret_borrowed(context, builder, signature.return_type, found)


@lower_builtin(operator.getitem, types.Array, types.BaseTuple)
def _read_by_tuple(context, builder, signature, args):
    kind, index = signature.args
    if not _plain(context, kind, index.types):
        return arrayobj.getitem_array_tuple(context, builder, signature, args)
    indices = [part(builder, args[1], i) for i in range(len(index))]
    found = _found(context, builder, signature.return_type, kind, args[0], index.types, indices)
    return impl_ret_borrowed(context, builder, signature.return_type, found)


@lower_builtin(operator.setitem, types.Array, types.Integer, types.Number)
@lower_builtin(operator.setitem, types.Array, types.Integer, types.Boolean)
@lower_builtin(operator.setitem, types.Array, types.BaseTuple, types.Number)
@lower_builtin(operator.setitem, types.Array, types.BaseTuple, types.Boolean)
def _write(context, builder, signature, args):
    kind, index, value = signature.args
    by_tuple = isinstance(index, types.BaseTuple)
    kinds = index.types if by_tuple else (index,)
    one = len(kinds) == kind.ndim and all(isinstance(item, types.Integer) for item in kinds)
    if not one or not _plain(context, kind, kinds):
        return arrayobj.setitem_array(context, builder, signature, args)
    indices = [part(builder, args[1], i) for i in range(len(index))] if by_tuple else args[1:2]
    at, _, _ = _place(context, builder, kind, args[0], kinds, indices)
    written = context.cast(builder, args[2], value, kind.dtype)
    arrayobj.store_item(context, builder, kind, written, at)
    return None


def part(builder, value, *places):
    """A member of an LLVM struct or array: what was put there, if that is known, else an instruction that takes it."""
    while isinstance(value, InsertValue):
        if tuple(value.indices) == places:
            return value.operands[1]
        if value.indices[0] == places[0]:
            break
        value = value.operands[0]
    return builder.extract_value(value, list(places))


def _plain(context, kind, indices):
    """Whether this module knows how to index such an array so."""
    return (
        type(kind) is types.Array
        and kind.layout in "CA"
        and isinstance(kind.dtype, (types.Number, types.Boolean))
        and 0 < len(indices) <= kind.ndim
        and not context.enable_boundscheck
        and all(
            isinstance(index, types.Integer) or (isinstance(index, types.SliceType) and not index.has_step)
            for index in indices
        )
    )


def _found(context, builder, returned, kind, array, kinds, indices):
    """An element, or a view."""
    at, shape, strides = _place(context, builder, kind, array, kinds, indices)
    if not isinstance(returned, types.Array):
        return arrayobj.load_item(context, builder, kind, at)
    items = shape[0]
    for length in shape[1:]:
        items = builder.mul(items, length, flags=["nsw"])
    view = ir.Constant(context.get_value_type(returned), ir.Undefined)
    fields = {MEMINFO: None, PARENT: None, ITEMS: items, ITEM_SIZE: None, DATA: at}
    for field, value in fields.items():
        view = builder.insert_value(view, part(builder, array, field) if value is None else value, field)
    for axis, (length, stride) in enumerate(zip(shape, strides, strict=True)):
        view = builder.insert_value(view, length, [SHAPE, axis])
        view = builder.insert_value(view, stride, [STRIDES, axis])
    return view


def _place(context, builder, kind, array, kinds, indices):
    """The address of what the indices point to, and lengths and strides of the axes that stay."""
    starts, shape, strides = [], [], []
    lengths = {}

    def length(axis):
        if axis not in lengths:
            lengths[axis] = part(builder, array, SHAPE, axis)
        return lengths[axis]

    for axis in range(kind.ndim):
        if axis < len(kinds) and isinstance(kinds[axis], types.Integer):
            starts.append(_from_start(context, builder, kinds[axis], indices[axis], length, axis))
            continue
        if axis < len(kinds):
            start, stop = (_cut(builder, part(builder, indices[axis], end), length(axis)) for end in (START, STOP))
            starts.append(start)
            empty = builder.icmp_signed("<=", stop, start)
            shape.append(builder.select(empty, stop.type(0), builder.sub(stop, start)))
        else:
            starts.append(None)
            shape.append(length(axis))
        strides.append(part(builder, array, STRIDES, axis))
    data = part(builder, array, DATA)
    if kind.layout == "C":
        return _by_shape(builder, data, starts, length), shape, strides
    return _by_strides(builder, data, starts, array), shape, strides


def _by_shape(builder, data, starts, length):
    """The address of an element of an array in C order."""
    place = None
    for axis, start in enumerate(starts):
        if place is not None:
            place = builder.mul(place, length(axis))
        if not _is_zero(start):
            place = start if place is None else builder.add(place, start)
    return data if place is None else builder.gep(data, [place])


def _by_strides(builder, data, starts, array):
    offset = None
    for axis, start in enumerate(starts):
        if not _is_zero(start):
            step = builder.mul(part(builder, array, STRIDES, axis), start)
            offset = step if offset is None else builder.add(offset, step)
    return data if offset is None else cgutils.pointer_add(builder, data, offset)


def _is_zero(start):
    return start is None or (isinstance(start, ir.Constant) and start.constant == 0)


def _from_start(context, builder, kind, index, length, axis):
    """An index from the beginning of an axis."""
    if not kind.signed:
        return context.cast(builder, index, kind, types.uintp)
    index = context.cast(builder, index, kind, types.intp)
    if isinstance(index, ir.Constant):
        return index if index.constant >= 0 else builder.add(length(axis), index)
    return _wrapped(builder, index, length(axis))


def _wrapped(builder, index, length):
    negative = builder.icmp_signed("<", index, index.type(0))
    return builder.select(negative, builder.add(index, length), index)


def _cut(builder, end, length):
    """An end of a slice, within the axis."""
    zero = end.type(0)
    if not isinstance(end, ir.Constant) or end.constant < 0:
        end = _wrapped(builder, end, length)
        end = builder.select(builder.icmp_signed("<", end, zero), zero, end)
    elif end.constant == 0:
        return zero
    return builder.select(builder.icmp_signed(">=", end, length), length, end)
