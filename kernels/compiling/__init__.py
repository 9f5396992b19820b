"""`njit` as the kernels use it: each kernel is typed once, optimised where it is called, and kept on disk.

numba makes machine code of every function that it meets, and optimises it again within every function above it. Here
there are two kinds:

* a kernel that Python calls becomes machine code, with all that it calls inside it, and is kept on disk;
* a kernel that other kernels call is typed and translated only: it is optimised within the machine code of its caller,
  and kept nowhere.

The same code comes out, whatever was compiled before: integers are never compiled as literals, and options (`_nrt`,
`error_model`, `fastmath`) are those that stand on the kernel, never those of the kernel that happens to call it.
"""

from kernels.compiling.by_reference import record
from kernels.compiling.kernel import njit

__all__ = ["njit", "record"]
