"""The native threads of ``feeder.c``, compiled when the benchmarks start."""

import ctypes
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("feeder.c")


class NoCompiler(Exception):
    """There is no C compiler; the text says what to do."""


def build(folder: str) -> str:
    """Compile ``feeder.c`` into ``folder``; gives the library's path."""
    library = str(Path(folder) / "feeder.so")
    command = ["cc", "-O2", "-shared", "-fPIC", "-pthread", "-o", library, str(SOURCE)]
    try:
        subprocess.run(command, check=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        raise NoCompiler(f"the load needs a C compiler called cc ({problem})") from problem
    return library


class Feeder:
    """Starts native threads that call into a director."""

    def __init__(self, library: str) -> None:
        self._library = ctypes.CDLL(library)
        pointer, size, number = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int
        self._library.feed.argtypes = [number, size, ctypes.c_long, pointer, pointer]
        self._library.answers.argtypes = [pointer, size, number, number, pointer, pointer]

    def feed(self, fd: int, size: int, stamp: int, spi: int, entry: int) -> None:
        """Hand each struct of ``size`` bytes that comes from the socket ``fd`` to a callback.

        :param stamp: where in the struct a double is to say when; -1 for nowhere.
        """
        if self._library.feed(fd, size, stamp, spi, entry):
            raise OSError("no thread could be made")

    def answer(
        self, structs: ctypes.Array[ctypes.c_char], size: int, request_id: int, spi: int, entry: int
    ) -> None:
        """Answer a query with all ``structs``, which the caller keeps alive."""
        address, count = ctypes.addressof(structs), len(structs) // size
        if self._library.answers(address, size, count, request_id, spi, entry):
            raise OSError("no thread could be made")
