"""Files of known formats, from bytes that are written out here as their specifications say."""

import json
import struct
import sys
import unittest
from unittest import mock

from bitlaw import BitlawError, _formats
from world import needs


def npy(descr: str, shape: tuple, data: bytes) -> bytes:
    """An array as NumPy's format 1.0 says: magic, version, length, a Python literal, data."""
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (-(10 + len(header) + 1) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def safetensors(header: dict, data: bytes) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def without(*modules: str):
    """As on a machine without these modules."""
    return mock.patch.dict(sys.modules, {module: None for module in modules})


ARRAY = npy("<f8", (2, 3), struct.pack("<6d", 1, 2, 3, 4, 5, 6.5))
TENSORS = safetensors(
    {
        "__metadata__": {"by": "hand"},
        "b": {"dtype": "BF16", "shape": [2], "data_offsets": [16, 20]},
        "w": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]},
    },
    struct.pack("<4f", 1, 2, 3, 4) + struct.pack("<2H", 0x3F80, 0xC000))


class FormatTests(unittest.TestCase):
    def test_without_numpy_an_array_is_a_list_of_lists(self):
        with without("numpy"):
            self.assertEqual(_formats.value(ARRAY, "a.npy", None), [[1, 2, 3], [4, 5, 6.5]])
            self.assertEqual(_formats.value(npy("|b1", (), b"\x01"), "a.npy", None), True)
            self.assertEqual(_formats.value(npy("<i4", (0, 3), b""), "a.npy", None), [])

    def test_without_numpy_a_column_major_array_is_refused_with_the_way_out(self):
        with without("numpy"), self.assertRaisesRegex(BitlawError, "a.npy: expected npy: .*install numpy"):
            _formats.value(npy(">f8", (1,), bytes(8)), "a.npy", None)

    @needs("numpy", "arrays were not compared with numpy's")
    def test_with_numpy_an_array_is_an_array(self):
        array = _formats.value(ARRAY, "a.npy", None)
        self.assertEqual((array.shape, str(array.dtype), array.tolist()[1][2]), ((2, 3), "float64", 6.5))

    @needs("numpy", "tensors were not read as arrays")
    def test_tensors_are_arrays_by_name_and_half_floats_are_widened(self):
        arrays = _formats.value(TENSORS, "w.safetensors", None)
        self.assertEqual(list(arrays), ["b", "w"])
        self.assertEqual(arrays["w"].tolist(), [[1, 2], [3, 4]])
        self.assertEqual((arrays["b"].tolist(), str(arrays["b"].dtype)), ([1, -2], "float32"))

    def test_tensors_that_lie_about_their_size_are_refused(self):
        for change, reason in [
            ({"dtype": "F32", "shape": [2], "data_offsets": [0, 4]}, "tensor w: bytes 0 to 4"),
            ({"dtype": "F32", "shape": [2], "data_offsets": [0, 99]}, "tensor w: bytes 0 to 99"),
            ({"dtype": "F32", "shape": [-1], "data_offsets": [4, 0]}, "tensor w: bytes 4 to 0"),
            ({"dtype": "F9", "shape": [2], "data_offsets": [0, 8]}, "tensor w has elements of type F9"),
        ]:
            with self.assertRaisesRegex(BitlawError, f"x.safetensors: expected safetensors: .*{reason}"):
                _formats.value(safetensors({"w": change}, bytes(8)), "x.safetensors", None)
        for cut in range(len(TENSORS)):
            with self.assertRaises(BitlawError):
                _formats.value(TENSORS[:cut], "x.safetensors", None)

    def test_rows_of_a_table_are_typed(self):
        with without("pandas"):
            rows = _formats.value(b"name,n,loss\na,3,0.25\n\"b,c\",4,\n", "t.csv", None)
        self.assertEqual(rows, [{"name": "a", "n": 3, "loss": 0.25}, {"name": "b,c", "n": 4, "loss": ""}])

    @needs("pandas", "tables were not read as frames")
    def test_a_table_is_a_frame_whose_numbers_are_exact(self):
        frame = _formats.value(b"n,loss\n3,0.1234567890123456789\n", "t.csv", None)
        self.assertEqual((str(frame["n"].dtype), frame["loss"][0]), ("int64", 0.12345678901234568))

    def test_what_the_name_does_not_tell_is_bytes_unless_it_is_an_array(self):
        self.assertEqual(_formats.value(b"{}", "out", None), b"{}")
        self.assertEqual(_formats.value(b"{}", "out", "json"), {})
        with without("numpy"):
            self.assertEqual(_formats.value(ARRAY, "out", None)[0][0], 1)
        with self.assertRaisesRegex(ValueError, "as_='xml': expected one of bytes, csv, json, npy"):
            _formats.value(b"", "out", "xml")
        with self.assertRaisesRegex(BitlawError, "l.json: expected json: "):
            _formats.value(b"{", "l.json", None)
