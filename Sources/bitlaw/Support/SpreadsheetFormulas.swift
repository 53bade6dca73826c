import Canon
import System

/// Cells of a table that a spreadsheet takes for formulas: those of somebody else may send what stands beside
/// them away.
enum SpreadsheetFormulas {
    /// The most bytes of a table that are looked at.
    private static let mostBytes = 64 << 20

    /// A line that tells of such cells in a table; `nil` where there are none, and for what is no table.
    static func remark(_ path: String, named name: String) -> String? {
        guard name.hasSuffix(".csv"), let file = try? PlainFile.open(path),
            let bytes = try? file.read(min(file.size, mostBytes))
        else { return nil }
        return remark(bytes, named: name)
    }

    /// The same for bytes.
    static func remark(_ bytes: [UInt8], named name: String) -> String? {
        let count = name.hasSuffix(".csv") ? count(in: bytes) : 0
        if count == 0 { return nil }
        return "\(name): a spreadsheet takes \(counted(count, "cell")) of it for "
            + "\(count == 1 ? "a formula" : "formulas"); the bytes are as the stage wrote them. fix: import "
            + "it there as text, and read it before you let it compute\n"
    }

    /// How many cells begin as a formula does, and are no numbers.
    private static func count(in bytes: [UInt8]) -> Int {
        var count = 0
        var isStart = true
        for (place, byte) in bytes.enumerated() {
            if isStart, "=@+-\t".utf8.contains(byte), !isNumber(bytes[place...]) { count += 1 }
            isStart = ",;\n\r".utf8.contains(byte) || (isStart && (byte == 0x22 || byte == 0x20))
        }
        return count
    }

    private static func isNumber(_ cell: ArraySlice<UInt8>) -> Bool {
        let text = cell.prefix(64).prefix { !",;\"\n\r".utf8.contains($0) }
        return Double(String(decoding: text, as: UTF8.self)) != nil
    }
}
