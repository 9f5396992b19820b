"""How kernels are compiled: against plain Python, and against numba's own way where a shortcut stands for it."""

import copy
import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numba
import numba.extending
import numpy as np
import pytest
from llvmlite import ir
from numba.core import compiler, types
from numba.core.postproc import PostProcessor
from numba.core.targetconfig import TargetConfig

from kernels.compiling import njit, record, shortcuts
from kernels.compiling.by_reference import RecordType

pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")


class Table(NamedTuple):
    """By value, inside one by reference."""

    first: int
    rows: np.ndarray


@record
class Inner(NamedTuple):
    scale: float
    values: np.ndarray


@record
class Outer(NamedTuple):
    """One member of each kind that a record may have."""

    inner: Inner
    number: int
    on: bool
    table: Table
    pair: tuple
    strided: np.ndarray
    cube: np.ndarray


def outer(scale=2.0, number=7) -> Outer:
    return Outer(
        inner=Inner(scale=scale, values=np.arange(3.0)),
        number=number,
        on=True,
        table=Table(first=3, rows=np.arange(6.0).reshape(3, 2)),
        pair=(1, 2.5),
        strided=np.arange(20.0).reshape(4, 5)[::2, 1::2],
        cube=np.arange(24.0).reshape(2, 3, 4),
    )


@njit()
def summed(o, shift):
    total = o.inner.scale * o.inner.values[1] + o.number + o.table.first * o.table.rows[2, 1] + o.pair[1]
    if o.on:
        total += o.strided[1, 1] + o.cube[1, 2, 3] + o.strided.shape[1] + o.cube.shape[2]
    return total + shift


@njit()
def summed_twice(o):
    return summed(o, 1.0) + summed(o, 2)


def test_every_kind_of_member_is_read_as_python_reads_it():
    for o in (outer(), outer(scale=-1.5, number=-4), outer()._replace(on=False)):
        assert summed(o, 0.5) == summed.py_func(o, 0.5)
        assert summed_twice(o) == summed.py_func(o, 1.0) + summed.py_func(o, 2)


def test_what_an_array_holds_may_change_and_a_replaced_member_is_another_record():
    o = outer()
    before = summed(o, 0.0)
    o.inner.values[1] += 10.0
    assert summed(o, 0.0) == before + 20.0
    assert summed(o._replace(number=8), 0.0) == before + 21.0
    assert summed(o, 0.0) == before + 20.0


def test_addresses_stay_in_their_process():
    o = outer()
    summed(o, 0.0)
    for twin in (pickle.loads(pickle.dumps(o)), copy.deepcopy(o), copy.copy(o)):
        assert isinstance(twin, Outer) and "words" not in twin.__dict__
        assert summed(twin, 0.0) == summed(o, 0.0)


def test_threads_that_ask_at_once_have_the_same_words():
    for _ in range(20):
        o = outer()
        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(lambda record: record.address, [o] * 8))) == 1


def test_a_member_that_no_record_can_hold_is_refused():
    with pytest.raises(TypeError, match="a record holds float64"):
        summed(outer()._replace(number=np.float32(1.0)), 0.0)


def test_the_type_of_a_record_is_short_and_differs_with_its_members():
    """Its name is part of every symbol of the code that takes it."""
    kind, other = (
        numba.typeof(o) for o in (outer(), outer()._replace(inner=Inner(scale=1.0, values=np.zeros((2, 2)))))
    )
    assert isinstance(kind, RecordType) and kind != other and kind == numba.typeof(outer())
    assert len(str(kind)) < 30


@njit()
def leaf(x, k):
    if k > 2:
        raise ValueError("k above two")
    return x * k


@njit()
def apart(x, a):
    return leaf(x, 1) + leaf(x, 2) + a[0]


@njit()
def allocating(n):
    a = np.zeros(n)
    for i in range(n):
        a[i] = leaf(1.0 * i, 2)
    return a


@njit()
def root(a):
    return apart(1.0, a) + allocating(4)[3] + leaf(a[1], 2)


@njit(_nrt=False)
def strict(a):
    return root(a) + leaf(a[0], 1)


@numba.njit
def foreign(a):
    return root(a) + apart(2.0, a)


def test_kernels_call_kernels():
    a = np.array([3.0, 5.0])
    assert root(a) == 6.0 + 6.0 + 10.0
    assert foreign(a) == root(a) + 9.0  # a function of somebody else's, by numba's own decorator
    assert allocating(3).tolist() == [0.0, 2.0, 4.0]
    assert strict(a) == 25.0


def test_options_of_the_caller_do_not_reach_the_callee():
    """`strict` counts no references; what it calls makes an array, which numba would refuse to compile there."""
    assert strict(np.array([1.0, 2.0])) == root(np.array([1.0, 2.0])) + 1.0


def test_an_array_of_a_record_cannot_be_returned():
    """It would point to memory that nobody keeps."""

    @njit()
    def rest(o):
        return o.inner.values[1:], 1

    for _ in range(2):
        with pytest.raises(TypeError, match="rest takes records and returns"):
            rest(outer())


def test_an_integer_is_no_literal():
    root(np.array([3.0, 5.0]))
    assert [signature.args for signature in leaf.nopython_signatures] == [(types.float64, types.int64)]


def test_an_error_passes_through_all_of_them():
    @njit()
    def failing(a):
        return apart(1.0, a) + leaf(1.0, 3)

    with pytest.raises(ValueError, match="k above two"):
        failing(np.zeros(2))


def test_division_by_zero_is_an_infinity():
    @njit()
    def quotient(x, y):
        return x / y

    assert quotient(1.0, 0.0) == np.inf


def flags(**options):
    made = compiler.Flags()
    for name, value in options.items():
        setattr(made, name, value)
    return made


OPTIONS = [
    {},
    {"nrt": False},
    {"nrt": True},
    {"error_model": "numpy"},
    {"nrt": True, "error_model": "numpy"},
    {"inline": "always"},
]


@pytest.mark.parametrize("mine", OPTIONS)
def test_options_are_the_same_where_numba_says_so(mine):
    """numba's comparison is that of all values, and its hash that of their names."""
    for theirs in OPTIONS:
        a, b = flags(**mine), flags(**theirs)
        assert (a == b) is (a.values() == b.values())
        assert hash(a) == hash(tuple(sorted(a.values())))
    assert TargetConfig.__eq__ is shortcuts.same_options and flags() != "no options"


def test_variables_of_an_instruction_are_those_that_numba_finds():
    def busy(a, n, *rest):
        total = 0.0
        for i in range(n):
            b = a[i : i + 2] if i > 1 else a[:2]
            total += b[0] * max(a[i], float(n), key=None) - len(rest)
        return (total, {"n": n}, [total, -total])

    found = 0
    for block in compiler.run_frontend(busy).blocks.values():
        for instruction in block.body:
            names = [v.name for v in instruction.list_vars()]
            assert names == [v.name for v in shortcuts._variables(instruction, instruction.__dict__)]
            found += len(names)
    assert found > 50


def test_a_call_that_was_resolved_before_has_the_signature_that_numba_finds():
    root(np.array([3.0, 5.0]))
    context, compared = numba.core.registry.cpu_target.typing_context, 0
    for (key, args), (signature, implementation) in list(shortcuts._known.items())[:300]:
        function = context.resolve_value_type(key)
        assert implementation is key
        if isinstance(function, types.Function):  # a conversion, such as float(x), has a number's type as its key
            assert shortcuts._resolve(function, context, args, {}) == signature, (key, args)
            compared += 1
    assert compared > 3


@njit()
def elements(a, b, i, j, low, high, found):
    found[0], found[1], found[2] = a[i], a[-1], b[i, j]
    found[3], found[4] = b[-1, -2], b[i][j]
    row, column, rows, block = b[i, low:high], b[low:high, j], b[low:high], b[low:high, 1:3]
    found[5], found[6], found[7], found[8] = row.sum(), len(row), column.sum(), len(column)
    found[9], found[10], found[11] = rows.sum(), rows.size, block.size
    found[12], found[13], found[14] = a[2:].sum(), a[:-2].sum(), a[low:high].sum()
    if block.size:
        found[15] = block[-1, -1]
        block[0, -1] = 7
    b[i, j] = 3
    a[i] = True
    b[-1][0] = i


def test_elements_and_views_of_arrays_are_those_of_numpy():
    rng = np.random.default_rng(1)
    for wide in (False, True):  # C order, and steps between the numbers
        for _ in range(50):
            i, j, low, high = *rng.integers(-4, 4, 2), *rng.integers(-12, 12, 2)
            results = []
            a, b = rng.random(8), rng.random((8, 12))
            for function in (elements, elements.py_func):
                mine = (a.copy(), b.copy()[::2, ::2] if wide else b[:4, :6].copy(), np.zeros(16))
                function(*mine[:2], i, j, low, high, mine[2])
                results.append(mine)
            for compiled, python in zip(*results, strict=True):
                np.testing.assert_allclose(compiled, python, rtol=1e-14, err_msg=f"{i, j, low, high}")


@njit()
def loops(n, m, found):
    numbers = range(n, m)
    found[0] = len(numbers)
    for i in numbers:
        found[1] += i
    for i in range(n):
        found[2] += i
    for i in range(n, m, 2):
        found[3] += i
    for i in range(m, n, -1):
        found[4] += i
    for i in range(3):
        for j in range(2, 5):
            found[5] += i * j


@pytest.mark.parametrize(("n", "m"), [(0, 0), (5, 9), (-3, 4), (7, 2), (-9, -5)])
def test_loops_go_over_the_numbers_of_python(n, m):
    compiled, python = np.zeros(6), np.zeros(6)
    loops(n, m, compiled)
    loops.py_func(n, m, python)
    assert compiled.tolist() == python.tolist()


def test_counters_of_references_are_those_that_numba_finds():
    """And with no more instructions."""
    context = numba.core.registry.cpu_target.target_context.subtarget(enable_nrt=True)
    array = types.float64[:, ::1]
    kinds = [types.float64, array, types.Tuple([array, types.int64]), types.UniTuple(array, 3), types.unicode_type]
    for kind in kinds:
        texts = []
        for find in (shortcuts.counters, shortcuts._counters):
            module = ir.Module()
            value = context.get_value_type(kind)
            builder = ir.IRBuilder(ir.Function(module, ir.FunctionType(value, [value]), "f").append_basic_block())
            found = find(context.nrt, builder, kind, builder.function.args[0])
            texts.append(([(str(of), counter.opname) for of, counter in found], len(builder.block.instructions)))
        assert texts[0][0] == texts[1][0] and texts[0][1] <= texts[1][1], kind
    assert not shortcuts.counted(types.float64) and shortcuts.counted(kinds[2])


def test_variables_at_entry_are_found_when_they_are_asked_for():
    def busy(a, n):
        total = 0.0
        for i in range(n):
            total += a[i] if i % 2 else -a[i]
        return total

    code = compiler.run_frontend(busy)
    late = [code.get_block_entry_vars(block) for block in code.blocks.values()]
    shortcuts._process(PostProcessor(code))
    assert late == [code.block_entry_vars[block] for block in code.blocks.values()] and any(late)


def test_what_is_registered_later_is_found():
    def of_numba(x):
        return x + 1

    @njit()
    def asks(x):
        return later(x)

    def later(x):
        raise NotImplementedError

    with pytest.raises(numba.core.errors.TypingError):
        asks(1)
    numba.extending.overload(later)(lambda x: of_numba)

    @njit()
    def asks_again(x):
        return later(x)

    assert asks_again(1) == 2


@njit()
def assigned(a, b, n):
    a[:n] = b


def test_an_array_of_another_shape_is_refused():
    a = np.zeros(4)
    assigned(a, np.array([1.0, 2.0]), 2)
    assert a.tolist() == [1.0, 2.0, 0.0, 0.0]
    assigned(a[1:], a[:3], 3)  # they overlap
    assert a.tolist() == [1.0, 1.0, 2.0, 0.0]
    with pytest.raises(ValueError, match="cannot assign slice from input of different size"):
        assigned(a, np.ones(3), 2)
