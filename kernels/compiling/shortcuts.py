"""Four shortcuts in numba's compiler, each with the result that numba comes to; together a third of its time.

They are put in place when `kernels.compiling` is imported. tests/kernels/test_compiling.py holds each against numba's
own way.
"""

from numba.core import compiler, ir, types
from numba.core.targetconfig import TargetConfig

_DEFAULTS = {name: option.default for name, option in compiler.Flags.options.items()}
_HASH = hash(tuple(sorted(_DEFAULTS)))
_known = {}  # signatures of operators and elementary functions, with the key of what implements them
_resolve = types.Function.get_call_type
_PLAIN = {str, int, float, bool, type(None), ir.Loc}
_variables = ir.Inst._rec_list_vars


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


def install():
    """Put the shortcuts in place."""
    TargetConfig.__eq__ = same_options
    TargetConfig.__hash__ = hash_of_options
    types.Function.get_call_type = resolve
    ir.Inst._rec_list_vars = variables
