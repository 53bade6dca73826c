"""Files of known formats as Python values."""

from __future__ import annotations

import ast
import csv
import io
import json
import struct

from ._errors import BitlawError


def value(content: bytes, file: str, form: "str | None"):
    """The value of a file; `form` says as what, where its name does not."""
    form = form or _BY_EXTENSION.get(file.rsplit(".", 1)[-1].lower()) or _sniffed(content)
    try:
        reader = _READERS[form]
    except KeyError:
        raise ValueError(
            f"as_={form!r}: expected one of {', '.join(sorted([*_READERS, 'path']))}") from None
    try:
        return reader(content)
    except (ValueError, KeyError, TypeError, struct.error) as found:
        raise BitlawError(f"{file}: expected {form}: {found}") from found


def _sniffed(content: bytes) -> str:
    return "npy" if content.startswith(b"\x93NUMPY") else "bytes"


def _npy(content: bytes):
    numpy = _numpy()
    if numpy is not None:
        return numpy.load(io.BytesIO(content), allow_pickle=False)
    if not content.startswith(b"\x93NUMPY"):
        raise ValueError("no NumPy array")
    wide = content[6] > 1
    length, = struct.unpack_from("<I" if wide else "<H", content, 8)
    start = (12 if wide else 10) + length
    header = ast.literal_eval(content[12 if wide else 10:start].decode("latin-1"))
    code = header["descr"][1:]
    if code not in _STRUCT or header["fortran_order"] or header["descr"][0] == ">":
        raise ValueError(f"{header}; install numpy, which reads it")
    return _nested(_elements(content, start, _STRUCT[code], header["shape"]), header["shape"])


def _safetensors(content: bytes):
    """Arrays by name. Source: github.com/huggingface/safetensors, README."""
    length, = struct.unpack_from("<Q", content)
    start = 8 + length
    if start > len(content):
        raise ValueError(f"a header of {length} bytes in a file of {len(content)}")
    header = json.loads(content[8:start])
    header.pop("__metadata__", None)
    numpy = _numpy()
    arrays = {}
    for name in sorted(header):
        entry = header[name]
        first, last = entry["data_offsets"]
        shape = tuple(entry["shape"])
        if entry["dtype"] not in _TENSOR:
            raise ValueError(f"tensor {name} has elements of type {entry['dtype']}, which are not read here")
        code, kind = _TENSOR[entry["dtype"]]
        count = 1
        for one in shape:
            count *= one
        if not 0 <= first <= last <= len(content) - start or last - first != count * struct.calcsize(code):
            raise ValueError(f"tensor {name}: bytes {first} to {last} are none of shape {list(shape)}")
        if numpy is not None:
            array = numpy.frombuffer(content, "<" + kind, count, start + first).reshape(shape)
            if entry["dtype"] == "BF16":  # the upper half of a float
                array = (array.astype("<u4") << 16).view("<f4")
            arrays[name] = array.copy()
        elif entry["dtype"] == "BF16":
            raise ValueError(f"tensor {name} is BF16; install numpy, which reads it")
        else:
            arrays[name] = _nested(_elements(content, start + first, code, shape), shape)
    return arrays


def _csv(content: bytes):
    try:
        import pandas
    except ImportError:
        rows = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""))
        return [{name: _number(cell) for name, cell in row.items()} for row in rows]
    # From version 3 on pandas reads every number exactly unasked.
    is_old = int(pandas.__version__.split(".")[0]) < 3
    return pandas.read_csv(io.BytesIO(content), **({"float_precision": "round_trip"} if is_old else {}))


def _number(cell):
    for kind in (int, float):
        try:
            return kind(cell)
        except (TypeError, ValueError):
            continue
    return cell


def _elements(content: bytes, start: int, code: str, shape) -> list:
    count = 1
    for one in shape:
        count *= one
    return list(struct.unpack_from(f"<{count}{code}", content, start))


def _nested(elements: list, shape):
    """A list of lists, as deep as the array has axes."""
    if not shape:
        return elements[0]
    for size in reversed(shape[1:]):
        groups = len(elements) // size if size else 0
        elements = [elements[i * size:(i + 1) * size] for i in range(groups)]
    return elements


def _numpy():
    try:
        import numpy
    except ImportError:
        return None
    return numpy


_BY_EXTENSION = {"npy": "npy", "safetensors": "safetensors", "json": "json", "csv": "csv"}

_READERS = {
    "npy": _npy,
    "safetensors": _safetensors,
    "csv": _csv,
    "json": json.loads,
    "text": lambda content: content.decode("utf-8"),
    "bytes": lambda content: content,
}

#: What `struct` calls the elements of arrays.
_STRUCT = {
    "f8": "d", "f4": "f", "f2": "e", "i8": "q", "i4": "i", "i2": "h", "i1": "b", "u8": "Q", "u4": "I",
    "u2": "H", "u1": "B", "b1": "?",
}

#: What `struct` and numpy call the elements of tensors.
_TENSOR = {
    "F64": ("d", "f8"), "F32": ("f", "f4"), "F16": ("e", "f2"), "BF16": ("H", "u2"), "I64": ("q", "i8"),
    "I32": ("i", "i4"), "I16": ("h", "i2"), "I8": ("b", "i1"), "U8": ("B", "u1"), "U16": ("H", "u2"),
    "U32": ("I", "u4"), "U64": ("Q", "u8"), "BOOL": ("?", "b1"),
}
