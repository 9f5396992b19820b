"""Three operations on single precision that numba lacks: a fused product, and a number's bits as an integer and back.

`fma32(a, b, c)` is a b + c, fused where the machine can; `bits_of(x)` the int32 with the bits of a float32,
`single_of(i)` the float32 with those of an int32. In plain loops LLVM sets sixteen side by side. Without compilation
(`NUMBA_DISABLE_JIT=1`) they are plain numpy.
"""

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic


@intrinsic
def _fma32(typing, a, b, c):
    def build(context, builder, signature, args):
        kind = ir.FloatType()
        function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(kind, [kind] * 3), "llvm.fmuladd.f32")
        return builder.call(function, args)

    return types.float32(types.float32, types.float32, types.float32), build


@intrinsic
def _bits_of(typing, x):
    def build(context, builder, signature, args):
        return builder.bitcast(args[0], ir.IntType(32))

    return types.int32(types.float32), build


@intrinsic
def _single_of(typing, i):
    def build(context, builder, signature, args):
        return builder.bitcast(args[0], ir.FloatType())

    return types.float32(types.int32), build


if numba.config.DISABLE_JIT:

    def fma32(a, b, c):
        return a * b + c

    def bits_of(x):
        return np.float32(x).view(np.int32)

    def single_of(i):
        return np.int32(i).view(np.float32)
else:
    fma32, bits_of, single_of = _fma32, _bits_of, _single_of
