import Canon
import Experiment
import TestSupport
import Testing
import Workbench

/// Files as they come from people and programs, through both ways in: `table.import`, and points of a law.
@Suite struct MessyFileTests {
    private static let rows: [[JSON]] = [[1, 4], [10, 3], [100, 2.5]]

    private func imported(_ bytes: [UInt8], _ more: [String: JSON] = [:]) throws -> [[JSON]] {
        var parameters: [String: JSON] = ["columns": [["name": "x"], ["name": "y"]]]
        parameters.merge(more) { $1 }
        let run = try run(TableImportStage.self, parameters, ["file": [given(bytes, from: "f")]])
        return try Table(csv: run.bytes("table")).rows
    }

    private func collected(_ bytes: [UInt8]) throws -> Table {
        try Table(collecting: [given(bytes, from: "f")])
    }

    private func points(_ bytes: [UInt8]) throws -> [[JSON]] {
        let table = try collected(bytes)
        let (x, y) = (table[column: "x"] ?? [], table[column: "y"] ?? [])
        return zip(x, y).map { [$0, $1] }
    }

    static let readable: [String: [UInt8]] = [
        "plain": text("x,y\n1,4\n10,3\n100,2.5\n"),
        "byte order mark": text("\u{FEFF}x,y\n1,4\n10,3\n100,2.5\n"),
        "CRLF": text("x,y\r\n1,4\r\n10,3\r\n100,2.5\r\n"),
        "CR": text("x,y\r1,4\r10,3\r100,2.5\r"),
        "no final newline": text("x,y\n1,4\n10,3\n100,2.5"),
        "empty lines": text("\nx,y\n1,4\n\n10,3\n  \n100,2.5\n\n\n"),
        "all quoted": text("\"x\",\"y\"\n\"1\",\"4\"\n\"10\",\"3\"\n\"100\",\"2.5\"\n"),
        "leading index": text(",x,y\n0,1,4\n1,10,3\n2,100,2.5\n"),
        "trailing comma": text("x,y,\n1,4,\n10,3,\n100,2.5,\n"),
        "index and trailing comma": text(",x,y,\n0,1,4,\n1,10,3,\n2,100,2.5,\n"),
        "mixed notations": text("x,y\n1.0e0,+4\n1E1,3.\n100,.25e+1\n"),
        "blanks around numbers": text("x,y\n 1, 4\n10 ,3\n100,\t2.5\n"),
        "tabs": text("x\ty\n1\t4\n10\t3\n100\t2.5\n"),
        "semicolons": text("x;y\n1;4\n10;3\n100;2.5\n"),
        "bars": text("x|y\n1|4\n10|3\n100|2.5\n"),
        "blanks": text("x  y\n 1 4\n10   3\n100\t2.5 \n"),
        "semicolons with commas inside": text("note;x;y\na,b;1;4\nc,d;10;3\ne;100;2.5\n"),
        "a line break in a field": text("n,x,y\n\"a\nb\",1,4\nc,10,3\nd,100,2.5\n"),
        "gzip": ForeignFiles.gzip, "gzip twice": ForeignFiles.gzipTwice,
        "gzip with a name": ForeignFiles.gzipNamed, "zstd": ForeignFiles.zstd,
        "UTF-16, low byte first": wide("x,y\n1,4\n10,3\n100,2.5\n", isLittle: true),
        "UTF-16, high byte first": wide("x,y\n1,4\n10,3\n100,2.5\n", isLittle: false),
        "JSON lines":
            text("{\"x\":1,\"y\":4}\n\n{\"x\":10,\"y\":3,\"z\":[1]}\r\n{\"x\":100,\"y\":2.5}\n"),
        "array of records":
            text("[{\"x\":1,\"y\":4},\n{\"x\":10,\"y\":3},\n{\"x\":100,\"y\":2.5}]"),
        "records below a member":
            text("{\"runs\": [{\"x\":1,\"y\":4},{\"x\":10,\"y\":3},{\"x\":100,\"y\":2.5}]}"),
        "object of lists": text("{\"x\": [1, 10, 100], \"y\": [4, 3, 2.5]}"),
        "pandas split":
            text("{\"columns\":[\"x\",\"y\"],\"index\":[0,1,2],\"data\":[[1,4],[10,3],[100,2.5]]}"),
        "pandas columns":
            text("{\"x\":{\"0\":1,\"1\":10,\"2\":100},\"y\":{\"0\":4,\"1\":3,\"2\":2.5}}"),
    ]

    @Test(arguments: readable.keys.sorted())
    func `a table is read alike, whatever its form`(name: String) throws {
        let bytes = try #require(MessyFileTests.readable[name])
        #expect(try imported(bytes) == MessyFileTests.rows)
        #expect(try points(bytes) == MessyFileTests.rows)
    }

    @Test(arguments: [
        "NA", "nan", "inf", "None", "null", "1e400", "−4", "4\u{A0}", "45%", "1_000", "\"2,5\"",
        "\"1,000\"", "0x10", "0x1p3", "1e", "--1", "1.2.3", "4f", "",
    ])
    func `what is no number is told with its line and column, or skipped`(field: String) throws {
        let bytes = text("x,y\n1,4\n10,\(field)\n100,2.5\n")
        let said = failure { _ = try imported(bytes) }
        let word = field.isEmpty ? "a value" : "a number"
        #expect(
            said.hasPrefix(
                "f: 1 row does not fit the schema: line 3: column `y`: expected \(word), found "),
            "\(said)")
        #expect(try imported(bytes, ["bad_rows": "skip"]) == [[1, 4], [100, 2.5]])
        // A law's points keep the text, which the law then refuses by its place.
        #expect(try collected(bytes)[column: "y"]?[1].double == nil)
        #expect(try collected(bytes).place(ofRow: 1) == "f, line 3")
    }

    @Test func `decimal commas are read where asked for, else told`() throws {
        let bytes = text("x;y\n1;4\n10;3\n100;2,5\n")
        #expect(try imported(bytes, ["decimal": ","]) == MessyFileTests.rows)
        #expect(try imported(bytes, ["decimal": ",", "delimiter": ";"]) == MessyFileTests.rows)
        #expect(
            failure { _ = try imported(bytes) }
                == "f: 1 row does not fit the schema: line 4: column `y`: expected a number, found \"2,5\" "
                + "(with a decimal comma? set decimal: \",\"); mend the columns, or set bad_rows: skip"
        )
        #expect(
            failure { _ = try points(bytes) }
                == "f: line 4, column `y`: expected a number with a decimal point, found 2,5\n"
                + "  fix: read the file with table.import and decimal: \",\"")
        // With a decimal comma a point is no mark.
        #expect(
            failure { _ = try imported(text("x;y\n1;2.5\n"), ["decimal": ","]) }
                .contains("column `y`: expected a number, found \"2.5\""))
        #expect(
            failure { _ = try imported(text("x,y\n1,5,2,5\n")) }
                .contains("line 2: expected 2 fields, found 4; are its commas decimal ones?"))
    }

    @Test func `comment lines pass only where asked for`() throws {
        let bytes = text("# made by hand\nx,y\n1,4\n#10,9\n10,3\n100,2.5\n")
        #expect(try imported(bytes, ["comment": "#"]) == MessyFileTests.rows)
        #expect(
            failure { _ = try imported(bytes) }.hasPrefix(
                "f: no column `x` in the points; expected one of \"# made by hand\""))
    }

    @Test(arguments: [
        ("x,y,y\n1,2,3\n", "line 1: expected each column once, found `y` twice, columns 2 and 3"),
        (
            "\n\nx;a;b;a\n1;2;3;4\n",
            "line 3: expected each column once, found `a` twice, columns 2 and 4"
        ),
        ("x,y\n", "line 1: found a header, \"x\", \"y\", but no rows below it"),
        ("x,y\r\n\r\n", "line 1: found a header, \"x\", \"y\", but no rows below it"),
        ("", "expected a table as text (CSV, JSON) or a file of TensorBoard, found nothing"),
        (" \n\n", "expected a table as text (CSV, JSON) or a file of TensorBoard, found nothing"),
        ("[]", "expected an array of JSON objects, found an empty one"),
        (
            "{\"x\": [1, 2], \"y\": [1]}",
            "expected lists of one length, a column each, found `x` with 2 and `y` with 1"
        ),
    ])
    func `both ways in refuse the same files with the same words`(content: String, said: String) {
        for found in [
            failure { _ = try imported(text(content)) }, failure { _ = try points(text(content)) },
        ] {
            #expect(found.hasPrefix("f: \(said)"), "\(found)")
        }
    }

    static let foreign: [(bytes: [UInt8], look: String, fix: String)] = [
        (text("PAR1\u{15}\u{4}"), "a Parquet file", "pandas.read_parquet('FILE')"),
        (ForeignFiles.workbook, "an Excel workbook", "pandas.read_excel('FILE')"),
        ([0x50, 0x4B, 3, 4, 1, 2], "a zip archive", "unzip FILE"),
        (text("<!DOCTYPE html>\n<html>"), "an HTML or XML page", "login"),
        ([0x80, 4, 0x95, 1], "a pickle of Python", "pandas.read_pickle('FILE')"),
        (text("SQLite format 3\0"), "an SQLite database", "sqlite3 -header -csv FILE"),
        ([0x93] + text("NUMPY\u{1}"), "a numpy array", "numpy.savetxt"),
        ([0x89] + text("HDF\r\n"), "an HDF5 file", "pandas.read_hdf"),
        ([0xFD] + text("7zXZ\0"), "an xz file", "xz -d FILE"),
        (
            text("version https://git-lfs.github.com/spec/v1\n"), "a pointer of Git LFS",
            "git lfs pull"
        ),
        (text("x\0,\0y\0\n\0"), "text in UTF-16 that does not say so", "iconv -f UTF-16LE"),
        ([1, 2, 3, 0, 5, 6, 7, 8, 9, 10, 11, 12], "a binary file", "write CSV or JSON"),
    ]

    @Test(arguments: foreign.indices)
    func `a file of another kind is told by what it seems to be, with what makes a table of it`(
        index: Int
    ) {
        let (bytes, look, fix) = MessyFileTests.foreign[index]
        for found in [failure { _ = try imported(bytes) }, failure { _ = try points(bytes) }] {
            #expect(
                found.hasPrefix(
                    "f: expected a table as text (CSV, JSON) or a file of TensorBoard, found what seems "
                        + "to be \(look)"), "\(found)")
            #expect(found.contains("\n  fix: ") && found.contains(fix), "\(found)")
        }
    }

    @Test func `Latin-1 is told with the line, the field and the byte`() {
        let bytes = text("x,y\n1,caf") + [0xE9, 0x0A]
        #expect(
            failure { _ = try points(bytes) }
                == "f: line 2, field 2: expected UTF-8, found the byte 0xE9 (é in Latin-1)\n"
                + "  fix: iconv -f LATIN1 -t UTF-8 FILE > FILE.csv   (if it is Latin-1)")
    }

    @Test func `a damaged or cut compressed file is told with the place`() {
        let long = ForeignFiles.gzipLong
        #expect(
            failure { _ = try points(Array(long.prefix(100))) }
                == "f: the gzip file is cut short: it ends at byte 100, inside its stream; is the copy whole?"
        )
        var flipped = long
        flipped[flipped.count - 8] ^= 1
        #expect(
            failure { _ = try points(flipped) }
                == "f: the gzip file is damaged at byte \(long.count - 7): what stands there is no such "
                + "stream, or its check sum differs; copy it again")
        #expect(
            failure { _ = try points(Array(ForeignFiles.zstd.dropLast(3))) }
                .hasPrefix("f: the zstd file is cut short: it ends at byte "))
        var broken = ForeignFiles.zstd
        broken[10] ^= 0xFF
        #expect(
            failure { _ = try points(broken) }.hasPrefix("f: the zstd file is damaged at byte 1: "))
        #expect(
            failure { _ = try points([0x1F, 0x8B]) }.hasPrefix("f: the gzip file is cut short"))
    }

    @Test func `a long gzip file gives each of its rows`() throws {
        let found = try points(ForeignFiles.gzipLong)
        #expect(found.count == 60)
        #expect(found.first == [0, 5] && found.last == [59, 2.05])
    }

    @Test func `names with blanks are shown in quotes, and a long list is cut`() {
        #expect(
            failure { _ = try imported(text("x, y\n1, 2\n")) }
                == "f: no column `y` in the points; expected one of \"x\", \" y\"\n  did you mean \" y\"?"
        )
        let wide = (0..<5000).map { "column\($0)" }.joined(separator: ",")
        let said = failure { _ = try imported(text(wide + "\n" + wide + "\n")) }
        #expect(said.count < 1000 && said.contains(", and 4976 more"))
        let long = String(repeating: "z", count: 100_000)
        #expect(failure { _ = try imported(text(long + "\n1\n")) }.count < 500)
        #expect(
            failure { _ = try imported(text("1,4\n10,3\n")) }
                .hasSuffix("\n  these are numbers: has the file no line of names?"))
    }

    @Test func `random and cut files crash nothing`() {
        var random = SeededGenerator(19)
        let seeds =
            MessyFileTests.readable.sorted { $0.key < $1.key }.map { $0.value }
            + [ForeignFiles.gzipLong, ForeignFiles.events, ForeignFiles.written]
        for _ in 0..<trials(2000) {
            var bytes = seeds[Int.random(in: 0..<seeds.count, using: &random)]
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeSubrange(place...)
                default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
                }
            }
            _ = try? collected(bytes)
        }
        for _ in 0..<trials(500) {
            let count = Int.random(in: 0...200, using: &random)
            _ = try? collected((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
        }
    }
}

private func text(_ text: String) -> [UInt8] { Array(text.utf8) }

private func wide(_ text: String, isLittle: Bool) -> [UInt8] {
    ("\u{FEFF}" + text).utf16.flatMap { unit -> [UInt8] in
        let (low, high) = (UInt8(unit & 255), UInt8(unit >> 8))
        return isLittle ? [low, high] : [high, low]
    }
}
