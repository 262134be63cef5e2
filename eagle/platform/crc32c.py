"""CRC-32C, the checksum of checkpoints, record files and event files, and its masked form.

The library google-crc32c computes it at the speed of memory where it has its C part; otherwise NumPy does: the data is taken as
many rows, whose checksums are computed side by side and then joined, which works because a checksum is linear.
"""

import functools

import numpy as np

try:
    import google_crc32c

    _fast = google_crc32c.extend if google_crc32c.implementation == "c" else None
except ImportError:
    _fast = None

_MASK_DELTA = 0xA282EAD8
_POLYNOMIAL = 0x82F63B78
_ROW = 1024  # bytes of a row of the NumPy way


def extend(crc, data):
    """The checksum of what `crc` is the checksum of, followed by `data`, a bytes-like object."""
    array = np.frombuffer(data, np.uint8) if len(data) else data
    if _fast is not None:
        return _fast(crc, array) if len(data) else crc
    return _extend_with_numpy(crc, array)


def value(data):
    """The checksum of a bytes-like object."""
    return _fast(0, data) if type(data) is bytes and _fast is not None else extend(0, data)


def mask(crc):
    """A checksum as files hold it, so that the checksum of data with checksums in it is none of a kind."""
    return ((crc >> 15 | crc << 17) + _MASK_DELTA) & 0xFFFFFFFF


def unmask(masked):
    """The checksum that was masked."""
    rotated = (masked - _MASK_DELTA) & 0xFFFFFFFF
    return (rotated >> 17 | rotated << 15) & 0xFFFFFFFF


# ---------------------------------------------------------------------------------------------------------------- NumPy


@functools.cache
def _table():
    """For each byte what it turns the checksum's register into."""
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, table >> 1 ^ np.uint32(_POLYNOMIAL), table >> 1)
    return table


def _step(register, column):
    """The registers after one byte each."""
    return _table()[(register ^ column) & 0xFF] ^ register >> 8


@functools.cache
def _zeros(log):
    """What `2 ** log` zero bytes turn a register into: a table for each of its bytes."""
    if log:
        tables = _zeros(log - 1)
        return np.stack([_through(tables, t) for t in tables])
    single = np.arange(256, dtype=np.uint32)
    return np.stack([_step(single << np.uint32(8 * i), np.uint32(0)) for i in range(4)])


def _through(tables, register):
    return (
        tables[0][register & 0xFF] ^ tables[1][register >> 8 & 0xFF] ^ tables[2][register >> 16 & 0xFF] ^ tables[3][register >> 24]
    )


def _extend_with_numpy(crc, data):
    register = np.array([crc ^ 0xFFFFFFFF], np.uint32)
    whole = len(data) // _ROW
    if whole > 1:
        register = _join(register, _rows(data[: whole * _ROW].reshape(whole, _ROW)))
        data = data[whole * _ROW :]
    for byte in data:
        register = _step(register, np.uint32(byte))
    return int(register[0]) ^ 0xFFFFFFFF


def _rows(data):
    """For each row the register that it leaves when it finds zeros."""
    registers = np.zeros(len(data), np.uint32)
    for column in np.ascontiguousarray(data.T):
        registers = _step(registers, column)
    return registers


def _join(register, rows):
    """The register after all rows: neighbours are joined until one is left."""
    count, log = len(rows), _ROW.bit_length() - 1
    shift, n = register, count
    while n:  # the register that was there before goes through as many zeros as there are bytes
        if n & 1:
            shift = _through(_zeros(log), shift)
        n, log = n >> 1, log + 1
    log = _ROW.bit_length() - 1
    while len(rows) > 1:
        if len(rows) % 2:
            rows = np.concatenate([np.zeros(1, np.uint32), rows])
        rows = _through(_zeros(log), rows[0::2]) ^ rows[1::2]
        log += 1
    return shift ^ rows
