import Canon
package import Experiment

/// An input of a program: where its files stand in the work folder.
package struct ProgramInput: Sendable {
    /// One of its files, or folders.
    package struct Item: Sendable {
        /// Its own name.
        package let name: String
        /// The coordinates of what made it; `nil` where it is no part of a collection.
        package let coordinates: [Coordinate]?

        /// Names an item.
        package init(name: String, coordinates: [Coordinate]?) {
            self.name = name
            self.coordinates = coordinates
        }
    }

    /// The name.
    package let name: String
    /// Whether it is one thing, and not a collection.
    package let isOne: Bool
    /// The paths of its items in order, as seen from the work folder.
    package let places: [String]
    private let items: [Item]

    /// The folder that they stand in.
    package var folder: String { "\(ProgramOutputs.inputs)/\(name)" }

    /// The path of its table: of one thing beside its folder, where no name of a file is taken.
    package var table: String { isOne ? "\(folder).csv" : "\(folder)/table.csv" }

    /// Gives each of the things at an input its place.
    ///
    /// One stands under its own name; of several each has a folder of its own, numbered from 0 with as many
    /// digits for all, so that they come in order.
    package init(_ name: String, _ items: [Item]) {
        self.name = name
        self.items = items
        let lead = "\(ProgramOutputs.inputs)/\(name)"
        isOne = items.count == 1 && items[0].coordinates == nil
        if isOne {
            places = ["\(lead)/\(items[0].name)"]
            return
        }
        let digits = String(max(0, items.count - 1)).count
        places = items.enumerated().map { number, item in
            let text = String(number)
            let folder = String(repeating: "0", count: digits - text.count) + text
            return "\(lead)/\(folder)/\(item.name)"
        }
    }

    /// A table of what a collection has: paths, and the coordinates of what made them (RFC 4180).
    package var csv: String {
        var axes: [String] = []
        for coordinate in items.flatMap({ $0.coordinates ?? [] })
        where !axes.contains(coordinate.axis) {
            axes.append(coordinate.axis)
        }
        // An axis of that name has another one here: no reader of tables takes two columns of one name.
        let names = axes.map { $0 == "path" ? "axis.path" : $0 }
        var text = (["path"] + names).map(ProgramInput.cell).joined(separator: ",") + "\r\n"
        for (item, place) in zip(items, places) {
            let values = axes.map { axis in
                let value = item.coordinates?.first { $0.axis == axis }?.value
                return value.map { $0.text ?? $0.canonicalText } ?? ""
            }
            text += ([place] + values).map(ProgramInput.cell).joined(separator: ",") + "\r\n"
        }
        return text
    }

    private static func cell(_ text: String) -> String {
        guard text.utf8.contains(where: { ",\"\r\n".utf8.contains($0) }) else { return text }
        // A reader of CSV looks for the byte, also where a letter joins it.
        let quote = UInt8(ascii: "\"")
        let inner = text.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] }
        return "\"\(String(decoding: inner, as: UTF8.self))\""
    }
}
