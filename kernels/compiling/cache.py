"""What is kept of a kernel, between numba, which makes keys and content, and the files."""

import inspect
import sys
from contextlib import contextmanager
from pathlib import Path

from numba.core import config
from numba.core.caching import CompileResultCacheImpl, FunctionCache, UserProvidedCacheLocator
from numba.core.runtime import rtsys

from kernels.compiling.claims import claimed
from kernels.compiling.code_files import MODE, STAMP, CodeFiles


class KernelCache(FunctionCache):
    """The cache of one kernel: numba makes the keys and the content, `CodeFiles` reads and writes."""

    _impl_class = None

    def __init__(self, function):
        self._impl_class = _CompiledCode
        super().__init__(function)
        package = function.__module__.rpartition(".")[0] or function.__module__
        base = f"{self._impl.filename_base}.{MODE}"
        self._cache_path = str(Path(config.CACHE_DIR) / package)
        self._cache_file = CodeFiles(Path(self._cache_path), base, STAMP)

    def load_overload(self, signature, context):
        """numba's, without making its compiler ready, which takes a third of a second: code that is kept needs none."""
        rtsys.initialize(context)
        return self._load_overload(signature, context)

    @contextmanager
    def claim(self, signature, context, patience):
        """Let no other process make the code of a signature meanwhile, unless it is kept already.

        Where another process is at it, it is waited for, up to `patience` s; with none, `Claimed` is raised.
        """
        if self._cache_file.has(self._index_key(signature, context.codegen())):
            yield
            return
        with claimed(self._cache_file.folder / f"{self._cache_file.base}.lock", patience):
            yield


class _Folder(UserProvidedCacheLocator):
    """The folder that `kernels` has chosen, whether or not it can be written: a cache can also be read only."""

    def get_source_stamp(self):
        return STAMP

    def ensure_cache_path(self):
        """Made when there is something to keep, by `CodeFiles`."""


class _CompiledCode(CompileResultCacheImpl):
    """numba's conversion of compiled code to what can be pickled, without its search for a folder."""

    def __init__(self, function):
        file = inspect.getfile(function)
        self._lineno = function.__code__.co_firstlineno
        self._locator = _Folder(function, file)
        self._filename_base = self.get_filename_base(
            f"{Path(file).stem}.{function.__qualname__}", getattr(sys, "abiflags", "")
        )
