"""Loops over `range(stop)` and `range(start, stop)`, in few instructions.

numba prepares each loop for any step, with a division, and for a step of zero, with an error: seventy instructions, of
which the optimiser leaves three. Here the three are written where the step is known to be one. Other ranges, and the
loop itself, are numba's.
"""

from llvmlite import ir
from numba.core import cgutils
from numba.core.imputils import builtin_registry, lower_builtin
from numba.cpython import rangeobj

from kernels.compiling.elements import part

STEP = 2  # field of a range, after its start and stop


def _from_zero(context, builder, signature, args):
    return _range(context, builder, signature, args[0].type(0), args[0])


def _from_start(context, builder, signature, args):
    return _range(context, builder, signature, *args)


def _range(context, builder, signature, start, stop):
    made = ir.Constant(context.get_value_type(signature.return_type), ir.Undefined)
    for field, value in enumerate((start, stop, start.type(1))):
        made = builder.insert_value(made, value, field)
    return made


def _begin(numbas):
    """What begins a loop; `numbas` is what numba begins it with."""

    def begin(context, builder, signature, args):
        start, stop, step = (part(builder, args[0], field) for field in range(STEP + 1))
        if not isinstance(step, ir.Constant) or step.constant != 1:
            return numbas(context, builder, signature, args)
        difference = builder.sub(stop, start)
        zero = start.type(0)
        left = builder.select(builder.icmp_signed(">", difference, zero), difference, zero)
        next_value = cgutils.alloca_once_value(builder, start)
        count = cgutils.alloca_once_value(builder, left)
        loop = ir.Constant(context.get_value_type(signature.return_type), ir.Undefined)
        for field, value in enumerate((next_value, stop, step, count)):
            loop = builder.insert_value(loop, value, field)
        return loop

    return begin


def _of_numba(name, *kinds):
    """numba's own implementation."""
    return next(found for found, key, formal in builtin_registry.functions if key == name and formal == kinds)


def _install():
    for integer, (state, _) in rangeobj.range_impl_map.items():
        numbas = _of_numba("getiter", state)
        lower_builtin(range, integer)(_from_zero)
        lower_builtin(range, integer, integer)(_from_start)
        lower_builtin("getiter", state)(_begin(numbas))


_install()
