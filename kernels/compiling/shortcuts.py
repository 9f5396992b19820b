"""Shortcuts in numba's compiler, each with the result that numba comes to; together a third of its time.

One differs: `refuse` words its error in fewer words. They are put in place when `kernels.compiling` is imported.
tests/kernels/test_compiling.py holds each against numba's own way.
"""

from functools import cache, lru_cache

import llvmlite.binding as llvm
from numba.core import analysis, base, compiler, ir, transforms, types
from numba.core.lowering import Lower
from numba.core.postproc import PostProcessor, VariableLifetime
from numba.core.registry import cpu_target
from numba.core.runtime.context import NRTContext
from numba.core.targetconfig import TargetConfig
from numba.extending import overload
from numba.np import arrayobj

_DEFAULTS = {name: option.default for name, option in compiler.Flags.options.items()}
_HASH = hash(tuple(sorted(_DEFAULTS)))
_known = {}  # signatures of operators and elementary functions, with the key of what implements them
_resolve = types.Function.get_call_type
_PLAIN = {str, int, float, bool, type(None), ir.Loc}
_variables = ir.Inst._rec_list_vars
_process = PostProcessor.run
_counters = NRTContext.get_meminfos
_delete = Lower.delvar
_refresh = base.BaseContext.refresh


def same_options(options, others):
    """Whether two sets of compiler options agree. numba builds two dictionaries option by option, and does so at each
    look into its table of overloads, since options are part of the key."""
    if not isinstance(others, TargetConfig):
        return NotImplemented
    mine, theirs = options._values, others._values
    return mine == theirs or {**_DEFAULTS, **mine} == {**_DEFAULTS, **theirs}


def hash_of_options(options):
    """numba's own value: it hashes the names of the options, which are always the same, and sorts them each time."""
    return _HASH


def resolve(function, context, args, kws):
    """The signature of a call. numba tries every form of an operator, and words an error for each that does not fit,
    whenever the operator is met. Kept is what is found for types that need no compilation."""
    key = function.typing_key, args
    try:
        kept = None if kws else _known.get(key)
    except TypeError:  # something in it cannot be hashed
        return _resolve(function, context, args, kws)
    if kept is not None:
        signature, function._impl_keys[kept[0].args] = kept
        return signature
    signature = _resolve(function, context, args, kws)
    if signature is not None and not kws:
        implementation = function._impl_keys[signature.args]
        if implementation is function.typing_key:  # a template of numba's, the same whatever the options
            _known[key] = signature, implementation
    return signature


def variables(instruction, value):
    """The variables in what an instruction holds, in order. numba asks four questions of each value, in each of some
    ten passes."""
    kind = type(value)
    if kind is ir.Var:
        return [value]
    if kind in _PLAIN:
        return []
    if kind is dict:
        value = value.values()
    elif kind is not list and kind is not tuple:
        return value.list_vars() if isinstance(value, ir.Inst) else _variables(instruction, value)
    found = []
    for part in value:
        if type(part) not in _PLAIN:
            found += variables(instruction, part)
    return found


def process(processor, emit_dels=False, extend_lifetimes=False):
    """Bring a function's blocks in order, as is done after each of some ten passes. numba also finds the variables that
    are there at the beginning of each block: only a generator, and what it makes of Python's own objects, ask for them.
    """
    code = processor.func_ir
    if code.is_generator:
        return _process(processor, emit_dels, extend_lifetimes)
    code.blocks = transforms.canonicalize_cfg(code.blocks)
    code.variable_lifetime = VariableLifetime(code.blocks)
    code.block_entry_vars, code.generator_info = {}, None
    if emit_dels:
        processor._insert_var_dels(extend_lifetimes=extend_lifetimes)
    return None


def variables_at_entry(code, block):
    """The variables that are there at the beginning of a block: found when they are asked for."""
    if block not in code.block_entry_vars:
        life = code.variable_lifetime
        found = analysis.compute_live_variables(life.cfg, code.blocks, life.usedefs.defmap, life.deadmaps.combined)
        code.block_entry_vars = {other: found[offset] for offset, other in code.blocks.items()}
    return code.block_entry_vars[block]


@cache
def counted(kind):
    """Whether a type has a counter of references in it."""
    return cpu_target.target_context.data_model_manager[kind].contains_nrt_meminfo()


def counters(runtime, builder, kind, value):
    """The counters of references in a value, with their types. numba takes each number out of it to look there too."""
    model = runtime._context.data_model_manager[kind]
    found = [(kind, model.get_nrt_meminfo(builder, value))] if model.has_nrt_meminfo() else []
    for member, part in model.traverse(builder):
        if counted(member):
            found += counters(runtime, builder, member, part(value))
    return found


def delete(lowering, name):
    """The end of a variable. numba reads it, and sets it to zero, even where there is no counter to count down."""
    kind = lowering.typeof(name)
    if lowering._disable_sroa_like_opt or counted(kind):
        return _delete(lowering, name)
    if name not in lowering._blk_local_varmap:
        lowering._singly_assigned_vars.discard(name)
    lowering._alloca_var(name, kind)
    return None


def refresh(context):
    """Take up what was registered with numba since the last time. numba looks through each of its forty lists, some
    twenty times a function: they only grow, so their total length says whether there is anything new."""
    length = sum(
        len(rows)
        for registries in (context._registries, context.typing_context._registries)
        for registry in registries
        for rows in vars(registry).values()
        if type(rows) is list
    )
    if context.__dict__.get("length_of_registries") != length:
        _refresh(context)
        context.length_of_registries = length


def refuse(shape, place):
    """What `a[i:j] = b` does where the shapes differ. numba words both in its message, and each kernel that has such a
    line brought the formatting of text along, a third of a second each. For compiled code only: see `_refuse`."""
    raise NotImplementedError


@overload(refuse)
def _refuse(shape, place):
    def refused(shape, place):
        raise ValueError("cannot assign slice from input of different size")

    return refused


def install():
    """Put the shortcuts in place."""
    TargetConfig.__eq__ = same_options
    TargetConfig.__hash__ = hash_of_options
    types.Function.get_call_type = resolve
    ir.Inst._rec_list_vars = variables
    arrayobj.raise_with_shape_context = refuse
    PostProcessor.run = process
    ir.FunctionIR.get_block_entry_vars = variables_at_entry
    NRTContext.get_meminfos = counters
    Lower.delvar = delete
    base.BaseContext.refresh = refresh
    base._has_loc = lru_cache(maxsize=4096)(base._has_loc)  # numba's answer, asked for at each operator
    for callbacks in list(llvm.ffi.lib._lock._cblist):
        if callbacks[0].__module__ == base.__name__:  # they take the time of each call of LLVM, which nobody reads
            llvm.ffi.unregister_lock_callback(*callbacks)
