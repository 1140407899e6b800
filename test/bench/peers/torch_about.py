"""What PyTorch computes products with: the file that answers for BLAS, what PyTorch was built with, and how fast it is."""

import ctypes
import json
import os
import re
import time

import torch

torch.set_num_threads(1)
size = 256
a, b = torch.rand(size, size), torch.rand(size, size)
# Kernels for another processor may compute something else.
assert torch.allclose(a @ b, (a.double() @ b.double()).float(), rtol=1e-4)
fastest = float("inf")
for _ in range(20):
    began = time.perf_counter()
    a @ b
    fastest = min(fastest, time.perf_counter() - began)


class Place(ctypes.Structure):
    """Dl_info of <dlfcn.h>."""

    _fields_ = [
        ("file", ctypes.c_char_p),
        ("base", ctypes.c_void_p),
        ("symbol", ctypes.c_char_p),
        ("address", ctypes.c_void_p),
    ]


def answering_library():
    """The file whose sgemm PyTorch calls, by the linker's own order; None where there is no such symbol or no Linux."""
    try:
        with open("/proc/self/maps") as maps:
            files = [line.split()[-1] for line in maps if "libtorch_cpu" in line]
        sgemm = ctypes.CDLL(files[0]).sgemm_
        place = Place()
        ctypes.CDLL(None).dladdr(ctypes.cast(sgemm, ctypes.c_void_p), ctypes.byref(place))
        return os.path.realpath(place.file.decode())
    except (OSError, IndexError, AttributeError):
        return None


built_with = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
print(
    json.dumps(
        {
            "version": torch.__version__,
            "library": answering_library(),
            "builtWith": built_with.group(1) if built_with else None,
            "gigaflops": 2 * size**3 / fastest / 1e9,
        }
    )
)
