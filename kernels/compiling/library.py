"""Code between numba's translation and the machine's: linked and optimised once, where its address is asked for."""

import gc
from contextlib import contextmanager

import llvmlite.binding as llvm
from numba.core.cgutils import normalize_ir_text
from numba.core.codegen import JITCodeLibrary
from numba.core.environment import lookup_environment
from numba.core.registry import cpu_target


class LateLibrary(JITCodeLibrary):
    """Code that is linked with what it calls, and optimised, when its address is asked for."""

    _machine_code = False

    def add_ir_module(self, ir_module):
        self._raise_if_finalized()
        module = llvm.parse_assembly(normalize_ir_text(str(ir_module)))
        module.name = ir_module.name
        module.data_layout = self._codegen._data_layout
        self._final_module.link_in(module)

    def finalize(self):
        self._raise_if_finalized()
        self._finalized = True

    def get_pointer_to_function(self, name):
        self._ensure_finalized()
        if not self._machine_code:
            if not _defines(self._final_module, name):
                return 0
            self._make_machine_code()
        return super().get_pointer_to_function(name)

    def _make_machine_code(self):
        self._machine_code = True
        for library in self._below():
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(_module(library), preserve=True)
        self._optimize_final_module()
        self._finalize_final_module()
        for variable in self._final_module.global_variables:
            environment = variable.name.startswith("_ZN08NumbaEnv") and lookup_environment(variable.name)
            if environment:
                _set_environment(self._codegen, variable.name, environment)

    def _below(self):
        """All libraries that this one calls, directly or not, each once and callers first: what nobody has asked for by
        then, the linker leaves out."""
        found = {}

        def visit(library):
            for below in library._linking_libraries:
                if below not in found:
                    if isinstance(below, LateLibrary):  # numba's own have what they call in them
                        visit(below)
                    found[below] = None

        visit(self)
        return reversed(found)

    def _linkable(self):
        """The module of this library alone, which others may hold as well."""
        if self._shared_module is None:
            self._shared_module = self._final_module.clone()
            for function in self._shared_module.functions:
                if not function.is_declaration and function.linkage == llvm.Linkage.external:
                    function.linkage = "linkonce_odr"
        return self._shared_module

    def _get_module_for_linking(self):
        """For a caller that is no kernel of ours: with all that it calls."""
        whole = self._linkable().clone()
        for library in self._below():
            whole.link_in(_module(library), preserve=True)
        return whole

    def serialize_using_object_code(self):
        names = [f.name for f in self._final_module.functions if not f.is_declaration]
        names += [v.name for v in self._final_module.global_variables if not v.is_declaration]
        return self.name, "object", (self._get_compiled_object(), names)

    @classmethod
    def _unserialize(cls, codegen, state):
        name, _, (code, names) = state
        self = cls(codegen, name)
        self.enable_object_caching()
        self._set_compiled_object(code)
        self._machine_code = True
        self._finalize_final_module()
        codegen._engine._defined_symbols.update(names)
        return self


def _module(library):
    return library._linkable() if isinstance(library, LateLibrary) else library._get_module_for_linking()


def _defines(module, name):
    try:
        return not module.get_function(name).is_declaration
    except NameError:
        return False


@contextmanager
def late_libraries():
    """While it is entered, what numba compiles is a `LateLibrary`, which may have no machine code yet."""
    codegen = cpu_target.target_context.codegen()
    if codegen._library_class is LateLibrary:  # a kernel is compiled for another
        yield
        return
    codegen._library_class = LateLibrary
    codegen.set_env = lambda name, env: _set_environment(codegen, name, env)
    try:
        yield
    finally:
        del codegen._library_class, codegen.set_env


@contextmanager
def no_collection():
    """While it is entered, Python does not look for garbage in cycles: a tenth of the time to compile went there."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _set_environment(codegen, name, environment):
    if codegen._engine.is_symbol_defined(name):
        type(codegen).set_env(codegen, name, environment)
