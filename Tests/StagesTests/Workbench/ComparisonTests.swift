import Canon
import Experiment
import Glibc
import System
import TestSupport
import Testing
import Workbench

@Suite struct ComparisonTests {
    private let formats = StandardFormats()

    private func array(_ elements: [Double]) -> [UInt8] {
        NumpyArray(rows: elements.count / 2, columns: 2, elements: elements).bytes()
    }

    @Test func `arrays are compared element by element, in units in the last place`() {
        let a = array([1, 2, 3, 4])
        let b = array([1, 2.0.nextUp.nextUp, 3, 4.0.nextDown])
        let found = formats.compare(a, b, fileName: "x.npy", tolerance: nil)
        #expect(found.count == 2)
        #expect(found.total == 4)
        #expect(found.first == "[0, 1]")
        #expect(found.largestUlp == 2)
        // Two units of 2⁻⁵² at 2: 4.44e-16 of 2.
        #expect(found.largestRelative == 2 * 0x1p-52 * 2 / 2.0.nextUp.nextUp)
        #expect(!found.isWithin)
        #expect(
            found.text
                == "array <f8 [2, 2]: 2 of 4 elements differ; first [0, 1]: 2.0 → "
                + "2.000000000000001; largest distance 2 ulp, relative 4.4e-16")
        let bound = Tolerance(relative: 1e-15)
        #expect(formats.compare(a, b, fileName: "x.npy", tolerance: bound).isWithin)
    }

    @Test func `signs, zeros, infinities and NaN are told apart`() {
        let zeros = formats.compare(
            array([0, 1]), array([-0.0, 1]), fileName: "", tolerance: Tolerance(relative: 0))
        #expect(zeros.count == 1)
        #expect(zeros.largestUlp == 0)
        #expect(zeros.isWithin)
        let crossing = formats.compare(
            array([Double.leastNonzeroMagnitude, 1]), array([-Double.leastNonzeroMagnitude, 1]),
            fileName: "", tolerance: nil)
        #expect(crossing.largestUlp == 2)
        for special in [Double.nan, .infinity] {
            let found = formats.compare(
                array([1, 1]), array([special, 1]), fileName: "",
                tolerance: Tolerance(relative: 1e300, absolute: 1e300))
            #expect(found.count == 1)
            #expect(found.largestUlp == nil)
            #expect(!found.isWithin)
        }
    }

    @Test func `weights are compared by tensor, in single-precision units`() {
        func weights(_ value: Float, _ name: String = "b") -> [UInt8] {
            Safetensors(tensors: [
                "a": .init(shape: [2], elements: [1, 2]),
                name: .init(shape: [1, 2], elements: [0, value]),
            ]).bytes()
        }
        let found = formats.compare(
            weights(1), weights(1 + 3 * 0x1p-23), fileName: "weights.safetensors", tolerance: nil)
        #expect(found.first == "b[0, 1]")
        #expect(found.largestUlp == 3)
        #expect(found.total == 4)
        let renamed = formats.compare(
            weights(1), weights(1, "c"), fileName: "weights.safetensors", tolerance: nil)
        #expect(renamed.text.contains("first b: F32 [1, 2] → (none)"))
    }

    @Test func `numpy's other types and its Fortran order are read`() {
        let script = """
            import numpy, sys
            for name, type in (("f2","<f2"),("f4","<f4"),("i8","<i8"),("u1","|u1"),("b1","|b1")):
                a = numpy.arange(6).reshape(2, 3).astype(type)
                b = a.copy(); b[1, 2] = 1
                numpy.save("a-" + name, a); numpy.save("b-" + name, b)
            a = numpy.asfortranarray(numpy.arange(6.0).reshape(2, 3)); b = a.copy(order="F")
            b[1, 0] = 9
            numpy.save("a-order", a); numpy.save("b-order", b)
            """
        guard let folder = PythonFolder(script) else {
            skip("no python3 with numpy, so its arrays were not compared")
            return
        }
        for (name, distance) in [("i8", 4), ("u1", 4), ("f4", 2 << 23 + 1 << 21)] {
            let found = formats.compare(
                folder.read("a-\(name).npy"), folder.read("b-\(name).npy"), fileName: "",
                tolerance: nil)
            #expect(found.first == "[1, 2]", "\(name)")
            #expect(found.largestUlp == UInt64(distance), "\(name)")
        }
        let half = formats.compare(
            folder.read("a-f2.npy"), folder.read("b-f2.npy"), fileName: "", tolerance: nil)
        #expect(half.text.contains("5.0 → 1.0"))
        let order = formats.compare(
            folder.read("a-order.npy"), folder.read("b-order.npy"), fileName: "", tolerance: nil)
        #expect(order.first == "[1, 0]")
        #expect(order.text.contains("3.0 → 9.0"))
    }

    @Test func `tables are compared by row and column`() {
        let a = "n,error\n10,0.5\n20,0.25\n"
        let b = "n,error\n10,0.5\n20,0.26\n"
        let found = formats.compare(
            Array(a.utf8), Array(b.utf8), fileName: "t.csv", tolerance: nil)
        #expect(found.format == "table")
        #expect(found.first == "row 2, column error")
        #expect(found.count == 1)
        #expect(found.total == 4)
        let longer = formats.compare(
            Array(a.utf8), Array((a + "30,x\n").utf8), fileName: "t.csv", tolerance: nil)
        #expect(
            longer.text == "table: 1 of 5 cells differs; first the number of rows: 2 rows → 3 rows")
    }

    @Test func `documents are compared by path`() {
        let found = formats.compare(
            Array(#"{"a":{"b":[1,2]},"c":"x","d":1}"#.utf8),
            Array(#"{"a":{"b":[1,3]},"c":"y"}"#.utf8), fileName: "m.json", tolerance: nil)
        #expect(found.count == 3)
        #expect(found.first == "a.b[1]")
        #expect(found.largestUlp == nil)
        let same = formats.compare(
            Array(#"{"a":1}"#.utf8), Array(#"{ "a": 1.0 }"#.utf8), fileName: "", tolerance: nil)
        #expect(same.count == 0)
        #expect(same.text == "JSON: the same 1 value, in other bytes")
    }

    @Test func `texts are compared by line, and numbers in them as numbers`() {
        let a = "<svg>\n<path d=\"M1.5 2L3 4\" fill=\"#0a1\"/>\n</svg>"
        let near = a.replacing("1.5", with: "1.50000001")
        let found = formats.compare(
            Array(a.utf8), Array(near.utf8), fileName: "p.svg",
            tolerance: Tolerance(relative: 1e-6))
        #expect(found.first == "line 2, column 11")
        #expect(found.isWithin)
        let other = formats.compare(
            Array(a.utf8), Array(a.replacing("#0a1", with: "#0a2").utf8), fileName: "p.svg",
            tolerance: Tolerance(relative: 1))
        #expect(!other.isWithin)
        #expect(other.first?.hasPrefix("line 2, column ") == true)
    }

    @Test func `what has no known format is compared by bytes`() {
        let found = formats.compare([0, 1, 2], [0, 1, 3, 4], fileName: "", tolerance: nil)
        #expect(found.text == "bytes: 2 of 4 differ; first at byte 2; 3 → 4 bytes")
    }

    /// Python's zlib writes the stored, fixed and dynamic blocks; the filters are the standard's five.
    @Test(arguments: [0, 1, 9]) func `pictures are compared by pixel`(level: Int) {
        let script = """
            import random, struct, zlib
            random.seed(1)
            def png(rows, path):
                raw = b""
                last = bytes(len(rows[0]))
                for y, row in enumerate(rows):
                    f = y % 5
                    out = bytearray()
                    for x, v in enumerate(row):
                        a = row[x-3] if x >= 3 else 0
                        b = last[x]
                        c = last[x-3] if x >= 3 else 0
                        p = a + b - c
                        pa, pb, pc = abs(p-a), abs(p-b), abs(p-c)
                        guess = [0, a, b, (a+b)//2, a if pa<=pb and pa<=pc else b if pb<=pc else c][f]
                        out.append((v - guess) & 255)
                    raw += bytes([f]) + bytes(out)
                    last = row
                def chunk(t, d):
                    return struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))
                head = struct.pack(">IIBBBBB", len(rows[0])//3, len(rows), 8, 2, 0, 0, 0)
                data = b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", head)
                data += chunk(b"IDAT", zlib.compress(raw, \(level))) + chunk(b"IEND", b"")
                open(path, "wb").write(data)
            rows = [bytes((x * y // 7 + random.randrange(4)) & 255 for x in range(120)) for y in range(50)]
            png(rows, "a.png")
            other = [bytearray(r) for r in rows]
            other[7][3*5+1] ^= 64; other[7][3*5+2] ^= 1; other[30][0] ^= 2
            png([bytes(r) for r in other], "b.png")

            def small(row, palette, path):
                def chunk(t, d):
                    return struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))
                data = b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 12, 1, 2, 3, 0, 0, 0))
                data += chunk(b"PLTE", palette) + chunk(b"IDAT", zlib.compress(b"\\0" + row)) + chunk(b"IEND", b"")
                open(path, "wb").write(data)
            small(bytes([0x1B, 0x1B, 0x1B]), bytes(range(12)), "c.png")
            small(bytes([0x1B, 0x1E, 0x18]), bytes(range(12)), "d.png")
            small(bytes([0x1B, 0x1B, 0x1B]), bytes(range(1, 13)), "e.png")
            """
        guard let folder = PythonFolder(script) else {
            skip("no python3, so pictures were not compared")
            return
        }
        let found = formats.compare(
            folder.read("a.png"), folder.read("b.png"), fileName: "p.png", tolerance: nil)
        #expect(
            found.text
                == "picture 40 × 50: 2 of 2000 pixels differ; first pixel x 5, y 7; "
                + "largest difference 64 of 255")
        // Two bits a pixel: pixels 6 and 7 of the one byte, 11 of the other.
        #expect(
            formats.compare(
                folder.read("c.png"), folder.read("d.png"), fileName: "p.png", tolerance: nil
            ).text.hasPrefix("picture 12 × 1: 3 of 12 pixels differ; first pixel x 6, y 0; "))
        #expect(
            formats.compare(
                folder.read("c.png"), folder.read("e.png"), fileName: "p.png", tolerance: nil
            ).text == "picture 12 × 1: the same samples, in another palette")
        var damaged = folder.read("a.png")
        damaged[60] ^= 255
        #expect(
            formats.compare(folder.read("a.png"), damaged, fileName: "", tolerance: nil).format
                == "bytes")
    }
}

/// A folder in which a Python script made files; `nil` where the script cannot run.
private final class PythonFolder {
    private let folder = TemporaryFolder(named: "python")

    init?(_ script: String) {
        folder.write("make.py", script)
        if folder.run("python3 make.py 2>/dev/null") != 0 { return nil }
    }

    func read(_ name: String) -> [UInt8] { folder.read(name) }
}
