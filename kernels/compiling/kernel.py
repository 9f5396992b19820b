"""Kernels as numba's dispatchers: for Python, and for other kernels."""

from contextlib import nullcontext, suppress

from numba.core import compiler, config, types
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import CPUDispatcher
from numba.core.targetconfig import ConfigStack

from kernels.compiling import elements, ranges, shortcuts  # noqa: F401 - numba finds what the first two register
from kernels.compiling.by_reference import RecordType
from kernels.compiling.cache import KernelCache
from kernels.compiling.claims import PATIENCE, Claimed
from kernels.compiling.library import late_libraries, no_collection

shortcuts.install()


def njit(*, cache=False, **options):
    """numba's `njit`, as a decorator; with `cache`, machine code is kept by `kernels.compiling.code_files`.

    Division by zero gives an infinity or NaN, unless `error_model` says otherwise.
    """
    options = {"nopython": True, "boundscheck": None, "error_model": "numpy", **options}

    def compiled(function):
        if config.DISABLE_JIT:
            return function
        kernel = Kernel(function, options)
        if cache:
            kernel._cache = KernelCache(function)
        return kernel

    return compiled


class InnerKernel(CPUDispatcher):
    """A kernel for the kernels that call it: without the conversions from and to Python."""

    def __init__(self, function, options):
        super().__init__(function, targetoptions={**options, "no_cpython_wrapper": True, "no_cfunc_wrapper": True})

    def compile(self, signature):
        with global_compiler_lock, ConfigStack().enter(compiler.DEFAULT_FLAGS):
            return super().compile(signature)


class Kernel(CPUDispatcher):
    """A kernel for Python, with another for the kernels that call it."""

    def __init__(self, function, options):
        super().__init__(function, targetoptions=options)
        self._callee = InnerKernel(function, options)
        self._patience = PATIENCE

    def compile(self, signature):
        """Machine code for one signature, from the disk if it is there, or once another process has put it there."""
        with global_compiler_lock, ConfigStack().enter(compiler.DEFAULT_FLAGS), late_libraries(), no_collection():
            if tuple(signature) in self.overloads:
                return super().compile(signature)
            with self._claim(signature):
                return super().compile(signature)

    def _claim(self, signature):
        if isinstance(self._cache, KernelCache):
            return self._cache.claim(signature, self.targetctx, self._patience)
        return nullcontext()

    def add_overload(self, result):
        """numba's; but an array of a record has no counter of references: returned, nothing would keep it alive."""
        returned = result.signature.return_type
        if _holds(returned, types.Array) and any(_holds(kind, RecordType) for kind in result.signature.args):
            raise TypeError(f"{self.py_func.__qualname__} takes records and returns {returned}: fill an array instead")
        super().add_overload(result)

    def compile_unless_claimed(self, signature):
        """`compile`, but where another process is making the same code."""
        with global_compiler_lock, suppress(Claimed):
            self._patience = 0.0
            try:
                self.compile(signature)
            finally:
                self._patience = PATIENCE

    def get_call_template(self, args, kws):
        """What a kernel that calls this one has to know of it: here an integer is no literal."""
        args = tuple(types.unliteral(arg) for arg in args)
        kws = {name: types.unliteral(arg) for name, arg in kws.items()}
        return CPUDispatcher.get_call_template(self._callee, args, kws)

    def get_overload(self, signature):
        return CPUDispatcher.get_overload(self._callee, signature)

    @property
    def nopython_signatures(self):
        return CPUDispatcher.nopython_signatures.fget(self._callee)


def _holds(kind, of):
    """Whether a type is `of`, or a tuple that holds one."""
    return isinstance(kind, of) or (isinstance(kind, types.BaseTuple) and any(_holds(item, of) for item in kind))
