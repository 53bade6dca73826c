/// What a file that holds no readable table seems to be, and how a table is had from it.
struct FileLook {
    private let name: String
    private let remedy: String

    private static let known: [(magic: [UInt8], look: FileLook)] = [
        (
            Array("PAR1".utf8),
            pandas("a Parquet file", "pandas.read_parquet")
        ),
        (Array("ARROW1".utf8), pandas("an Arrow file", "pandas.read_feather")),
        (Array("ORC".utf8), pandas("an ORC file", "pandas.read_orc")),
        (
            [0x89] + Array("HDF".utf8),
            pandas("an HDF5 file", "pandas.read_hdf")
        ),
        ([0xD0, 0xCF, 0x11, 0xE0], pandas("an old Excel workbook", "pandas.read_excel")),
        (
            Array("SQLite format 3".utf8),
            FileLook(
                name: "an SQLite database",
                remedy: "sqlite3 -header -csv FILE 'SELECT * FROM runs' > runs.csv")
        ),
        (
            [0x93] + Array("NUMPY".utf8),
            FileLook(
                name: "a numpy array",
                remedy: "python3 -c \"import numpy; numpy.savetxt('FILE.csv', numpy.load('FILE'), "
                    + "delimiter=',', header='x,y', comments='')\"")
        ),
        ([0xFD] + Array("7zXZ".utf8), FileLook(name: "an xz file", remedy: "xz -d FILE")),
        (Array("BZh".utf8), FileLook(name: "a bzip2 file", remedy: "bzip2 -d FILE")),
        ([0x04, 0x22, 0x4D, 0x18], FileLook(name: "an lz4 file", remedy: "lz4 -d FILE")),
        (
            Array("%PDF".utf8),
            FileLook(name: "a PDF page", remedy: "find the table it was made from")
        ),
        ([0x89] + Array("PNG".utf8), FileLook(name: "a picture", remedy: "find its numbers")),
        (
            Array(":W&B".utf8),
            FileLook(
                name: "a log of W&B's own",
                remedy: "export the run: wandb.Api().run(PATH).history().to_csv('runs.csv')")
        ),
        (
            Array("version https://git-lfs".utf8),
            FileLook(
                name: "a pointer of Git LFS and not the file itself",
                remedy: "git lfs pull")
        ),
    ]

    private static func pandas(_ name: String, _ function: String) -> FileLook {
        FileLook(
            name: name,
            remedy:
                "python3 -c \"import pandas; \(function)('FILE').to_csv('FILE.csv', index=False)\"")
    }

    private init(name: String, remedy: String) {
        self.name = name
        self.remedy = remedy
    }

    /// What the bytes seem to be; `nil` where nothing speaks against a table in text.
    init?(_ bytes: [UInt8]) {
        if let found = FileLook.known.first(where: { bytes.starts(with: $0.magic) }) {
            self = found.look
        } else if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            self = FileLook.archive(bytes)
        } else if bytes.count > 1, bytes[0] == 0x80, 2...5 ~= bytes[1] {
            self = .pandas("a pickle of Python", "pandas.read_pickle")
        } else if bytes.first(where: { !" \n\r\t".utf8.contains($0) }) == UInt8(ascii: "<") {
            self = FileLook(
                name: "an HTML or XML page",
                remedy:
                    "look at it; an address that asks for a login gives a page in place of the file"
            )
        } else if bytes.prefix(4096).contains(0) {
            self = FileLook.binary(bytes)
        } else {
            return nil
        }
    }

    private static func archive(_ bytes: [UInt8]) -> FileLook {
        let names = String(decoding: bytes.prefix(4096), as: UTF8.self)
        if names.contains("[Content_Types].xml") || names.contains("xl/") {
            return pandas("an Excel workbook", "pandas.read_excel")
        }
        return FileLook(name: "a zip archive", remedy: "unzip FILE, and give one of its files")
    }

    /// Text in wide units has a zero in every second byte, or in three of four.
    private static func binary(_ bytes: [UInt8]) -> FileLook {
        let start = bytes.prefix(64)
        let zeros = start.count { $0 == 0 }
        if zeros * 4 >= start.count {
            let width = zeros * 8 >= start.count * 5 ? 32 : 16
            return FileLook(
                name: "text in UTF-\(width) that does not say so",
                remedy: "iconv -f UTF-\(width)LE -t UTF-8 FILE > FILE.csv   (or UTF-\(width)BE)")
        }
        return FileLook(name: "a binary file", remedy: "let its program write CSV or JSON")
    }

    /// What a reader says who wanted a table.
    var refusal: FormatError { FileLook.refusal(of: "what seems to be \(name)\n  fix: \(remedy)") }

    /// The same of a file whose content has no name.
    static func refusal(of found: String) -> FormatError {
        FormatError(
            "expected a table as text (CSV, JSON) or a file of TensorBoard, found \(found)")
    }
}
