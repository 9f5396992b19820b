"""Four or eight doubles side by side in one register, for the few loops that numba does not vectorise.

LLVM has such values as `<8 x double>` and maps them to the registers of the machine: one AVX-512 register, two of
AVX2, four of SSE2. Products are fused with the sum that takes them where the machine can. Without compilation
(`NUMBA_DISABLE_JIT=1`) the same names are plain numpy, so a kernel reads and runs alike.

`load8(a, i)` takes a[i..i+7] of a contiguous 1-D array of float64 and checks no bounds; so does `store8`.
`splat8(x)` is x in every lane, `pack8(..)` eight numbers, `fma(a, b, c)` a*b + c (of plain numbers too), `mul`, `add`,
`sub`, `div` and `root` go lane by lane, `total(a)` is the sum of the lanes, `lane(a, k)` one of them (k a literal).
Cost: a field of degree 20 in 0.09 us, where plain loops take 0.6 to 1.3 us (benches/gravity.py).
"""

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, models, register_model


class Lanes(types.Type):
    """Numba's name for a register of `width` doubles."""

    def __init__(self, width):
        self.width = width
        super().__init__(name=f"lanes{width}")


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, dmm, fe_type):
        super().__init__(dmm, fe_type, ir.VectorType(ir.DoubleType(), fe_type.width))


LANES4, LANES8 = Lanes(4), Lanes(8)


def _register(width):
    return ir.VectorType(ir.DoubleType(), width)


def _address(context, builder, array_type, array, index, width):
    """Address of array[index] as that of a register. numba passes arrays as structures."""
    data = context.make_array(array_type)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [index]), _register(width).as_pointer())


def _loader(kind):
    @intrinsic
    def load(typing, a, i):
        def build(context, builder, signature, args):
            index = context.cast(builder, args[1], signature.args[1], types.intp)
            at = _address(context, builder, signature.args[0], args[0], index, kind.width)
            return builder.load(at, align=8)

        return kind(a, i), build

    return load


def _storer(kind):
    @intrinsic
    def store(typing, a, i, x):
        def build(context, builder, signature, args):
            index = context.cast(builder, args[1], signature.args[1], types.intp)
            at = _address(context, builder, signature.args[0], args[0], index, kind.width)
            builder.store(args[2], at, align=8)
            return context.get_dummy_value()

        return types.void(a, i, x), build

    return store


def _splatter(kind):
    @intrinsic
    def splat(typing, x):
        def build(context, builder, signature, args):
            empty = ir.Constant(_register(kind.width), ir.Undefined)
            first = builder.insert_element(empty, args[0], ir.IntType(32)(0))
            return builder.shuffle_vector(first, empty, ir.Constant(ir.VectorType(ir.IntType(32), kind.width), None))

        return kind(types.float64), build

    return splat


def _insert(builder, kind, values):
    out = ir.Constant(_register(kind.width), ir.Undefined)
    for k, value in enumerate(values):
        out = builder.insert_element(out, value, ir.IntType(32)(k))
    return out


@intrinsic
def _pack4(typing, a, b, c, d):
    def build(context, builder, signature, args):
        return _insert(builder, LANES4, args)

    return LANES4(*[types.float64] * 4), build


@intrinsic
def _pack8(typing, a, b, c, d, e, f, g, h):
    def build(context, builder, signature, args):
        return _insert(builder, LANES8, args)

    return LANES8(*[types.float64] * 8), build


@intrinsic
def _fma(typing, a, b, c):
    def build(context, builder, signature, args):
        kind, name = (_register(a.width), f"v{a.width}f64") if isinstance(a, Lanes) else (ir.DoubleType(), "f64")
        function = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(kind, [kind] * 3), f"llvm.fmuladd.{name}"
        )
        return builder.call(function, args)

    return a(a, a, a), build


@intrinsic
def _mul(typing, a, b):
    def build(context, builder, signature, args):
        return builder.fmul(*args)

    return a(a, a), build


@intrinsic
def _add(typing, a, b):
    def build(context, builder, signature, args):
        return builder.fadd(*args)

    return a(a, a), build


@intrinsic
def _sub(typing, a, b):
    def build(context, builder, signature, args):
        return builder.fsub(*args)

    return a(a, a), build


@intrinsic
def _div(typing, a, b):
    def build(context, builder, signature, args):
        return builder.fdiv(*args)

    return a(a, a), build


@intrinsic
def _root(typing, a):
    def build(context, builder, signature, args):
        kind = _register(a.width)
        function = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(kind, [kind]), f"llvm.sqrt.v{a.width}f64"
        )
        return builder.call(function, args)

    return a(a), build


@intrinsic
def _total(typing, a):
    """Halves added to halves: the same order on every machine."""

    def build(context, builder, signature, args):
        value, width = args[0], a.width
        while width > 1:
            half = width // 2
            empty = ir.Constant(_register(width), ir.Undefined)
            index = ir.VectorType(ir.IntType(32), half)
            low = builder.shuffle_vector(value, empty, ir.Constant(index, list(range(half))))
            high = builder.shuffle_vector(value, empty, ir.Constant(index, list(range(half, width))))
            value, width = builder.fadd(low, high), half
        return builder.extract_element(value, ir.IntType(32)(0))

    return types.float64(a), build


@intrinsic
def _lane(typing, a, k):
    if not isinstance(k, types.IntegerLiteral):
        return None
    place = k.literal_value

    def build(context, builder, signature, args):
        return builder.extract_element(args[0], ir.IntType(32)(place))

    return types.float64(a, k), build


def _halves(a):
    while len(a) > 1:
        a = a[: len(a) // 2] + a[len(a) // 2 :]
    return float(a[0])


if numba.config.DISABLE_JIT:

    def _window(a, i, width):
        if i + width > len(a):
            raise IndexError(f"lanes {i}..{i + width - 1} of {len(a)}")
        return a[i : i + width]

    def load4(a, i):
        return _window(a, i, 4).copy()

    def load8(a, i):
        return _window(a, i, 8).copy()

    def store4(a, i, x):
        _window(a, i, 4)[:] = x

    def store8(a, i, x):
        _window(a, i, 8)[:] = x

    def splat4(x):
        return np.full(4, x)

    def splat8(x):
        return np.full(8, x)

    def pack4(*x):
        return np.array(x)

    pack8 = pack4

    def fma(a, b, c):
        return a * b + c

    def lane(a, k):
        return float(a[k])

    mul, add, sub, div, root, total = np.multiply, np.add, np.subtract, np.divide, np.sqrt, _halves
else:
    load4, load8 = _loader(LANES4), _loader(LANES8)
    store4, store8 = _storer(LANES4), _storer(LANES8)
    splat4, splat8 = _splatter(LANES4), _splatter(LANES8)
    pack4, pack8 = _pack4, _pack8
    fma, mul, add, sub, div, root, total, lane = _fma, _mul, _add, _sub, _div, _root, _total, _lane
