import Canon

/// The beginning of an output as markup: what it is follows from its bytes, and all of it is a stranger's.
package struct OutputPreview {
    /// How much is shown.
    package struct Bounds: Sendable {
        /// The most rows of a table, and lines of a text.
        package let rows: Int
        /// The most bytes of a picture.
        package let picture: Int
        /// The most bytes of a page within the page.
        package let page: Int

        /// A bound for pages with few actions.
        package static let few = Bounds(rows: 50, picture: 400_000, page: 800_000)
        /// A bound for pages with thousands.
        package static let many = Bounds(rows: 8, picture: 20_000, page: 0)
    }

    /// Outputs with more bytes are not read.
    package static let largest = 8 << 20
    private static let mostColumns = 20
    private static let longestLine = 200

    /// What the bytes are, in words.
    package let what: String
    /// The markup; nothing of it runs, loads or leads elsewhere.
    package let html: String

    private init(_ what: String, _ html: String) {
        self.what = what
        self.html = html
    }

    /// Looks at bytes.
    ///
    /// - Complexity: linear in the bytes, and in the bounds for the markup.
    package init(_ bytes: [UInt8], _ bounds: Bounds) {
        if let view = ArrayView.numpy(bytes) {
            self = OutputPreview.array(bytes, view, bounds)
        } else if bytes.starts(with: [0x89] + Array("PNG\r\n".utf8)) {
            self = OutputPreview.png(bytes, bounds)
        } else if let tensors = ArrayView.safetensors(bytes) {
            self = OutputPreview.tensors(tensors, bounds)
        } else if let text = OutputPreview.text(bytes) {
            self = OutputPreview.document(text, bytes, bounds)
        } else {
            self.init("bytes", "<p>These bytes are no text and of no known format.</p>")
        }
    }

    private static func text(_ bytes: [UInt8]) -> String? {
        bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }

    private static func document(_ text: String, _ bytes: [UInt8], _ bounds: Bounds)
        -> OutputPreview
    {
        let start = text.drop { $0.isWhitespace || $0 == "\u{FEFF}" }.prefix(512)
        if start.hasPrefix("<"), start.contains("<svg") { return picture(text, bytes, bounds) }
        if PlotDocument.isOne(bytes), let svg = try? ShownPicture.svg(bytes) {
            return picture(svg, Array(svg.utf8), bounds)
        }
        if start.hasPrefix("{") || start.hasPrefix("["), let json = try? JSON(parsing: bytes) {
            return OutputPreview("JSON", lines(json.pretty(), bounds.rows * 2))
        }
        // A page of a stranger is shown as text: nothing of it runs.
        if start.hasPrefix("<") { return OutputPreview("text", lines(text, bounds.rows)) }
        return table(text, bounds) ?? OutputPreview("text", lines(text, bounds.rows))
    }

    /// A page that Bitlaw made, as it looks: in a frame in which nothing runs, and which leads nowhere.
    ///
    /// `nil` where it is too large for the bounds, or no text.
    package static func page(_ bytes: [UInt8], _ bounds: Bounds) -> OutputPreview? {
        guard bytes.count <= bounds.page, let text = OutputPreview.text(bytes) else { return nil }
        return OutputPreview(
            "a page",
            "<iframe sandbox=\"\" title=\"the page as it looks\" srcdoc=\"\(Markup.escape(text))\">"
                + "</iframe>")
    }

    // MARK: Text

    /// The first lines, each cut where it is long.
    package static func lines(_ text: String, _ most: Int) -> String {
        var out = "<pre>"
        var count = 0
        var rest = text[...]
        while count < most, !rest.isEmpty {
            let line = rest.prefix { !$0.isNewline }
            rest = rest[line.endIndex...].dropFirst()
            let shown = line.prefix(longestLine)
            out += Markup.escape(visible(String(shown), most: longestLine))
            out += shown.endIndex < line.endIndex ? "…\n" : "\n"
            count += 1
        }
        return out + "</pre>" + (rest.isEmpty ? "" : "<p class=\"rest\">… and more lines.</p>")
    }

    private static func table(_ text: String, _ bounds: Bounds) -> OutputPreview? {
        // The rows that are shown and no more are read.
        var end = text.startIndex
        var count = 0
        while count <= bounds.rows, end < text.endIndex {
            let line = text[end...].prefix { !$0.isNewline }
            guard line.utf8.count < 100_000 else { return nil }
            end = text[line.endIndex...].dropFirst().startIndex
            count += 1
        }
        let first = text.prefix { !$0.isNewline }
        guard first.contains(",") || first.contains("\t"),
            let table = try? ForeignTable(Array(text[..<end].utf8), from: "").table,
            table.columns.count > 1, !table.rows.isEmpty
        else { return nil }
        let header = table.columns.prefix(mostColumns)
        let rows = table.rows.prefix(bounds.rows).map { row in
            row.prefix(mostColumns).map { cell(Series.text(of: $0)) }
        }
        var html = grid(header.map { cell($0) }, rows)
        var left: [String] = []
        if end < text.endIndex { left.append("more rows") }
        if table.columns.count > mostColumns {
            left.append(counted(table.columns.count - mostColumns, "more column"))
        }
        if !left.isEmpty {
            html += "<p class=\"rest\">… and \(left.joined(separator: ", ")).</p>"
        }
        return OutputPreview("CSV", html)
    }

    private static func cell(_ text: String) -> String { Markup.escape(visible(text, most: 80)) }

    private static func grid(_ header: [String], _ rows: [[String]]) -> String {
        var out = "<div class=\"scroll\" tabindex=\"0\"><table>"
        if !header.isEmpty {
            out += "<tr>" + header.map { "<th>\($0)</th>" }.joined() + "</tr>"
        }
        for row in rows { out += "<tr>" + row.map { "<td>\($0)</td>" }.joined() + "</tr>" }
        return out + "</table></div>"
    }

    // MARK: Pictures

    private static func picture(_ text: String, _ bytes: [UInt8], _ bounds: Bounds)
        -> OutputPreview
    {
        guard bytes.count <= bounds.picture else { return tooLarge("SVG", bytes.count) }
        let picture = CleanPicture(text)
        guard !picture.svg.isEmpty else {
            return OutputPreview("SVG", "<p class=\"rest\">\(picture.remark)</p>")
        }
        // Behind a data address it has names of its own, and could run nothing even uncleaned.
        let data = Base64.encode(Array(picture.svg.utf8))
        return OutputPreview(
            "SVG",
            "<img alt=\"\" src=\"data:image/svg+xml;base64,\(data)\">"
                + (picture.leftOut.isEmpty ? "" : "<p class=\"rest\">\(picture.remark)</p>"))
    }

    private static func png(_ bytes: [UInt8], _ bounds: Bounds) -> OutputPreview {
        guard bytes.count <= bounds.picture else { return tooLarge("PNG", bytes.count) }
        return OutputPreview(
            "PNG", "<img alt=\"\" src=\"data:image/png;base64,\(Base64.encode(bytes))\">")
    }

    private static func tooLarge(_ what: String, _ bytes: Int) -> OutputPreview {
        OutputPreview(
            what,
            "<p class=\"rest\">A picture of \(ByteCount.text(bytes)): too large for this page.</p>"
        )
    }

    // MARK: Arrays

    private static func tensors(_ tensors: [String: ArrayView], _ bounds: Bounds) -> OutputPreview {
        let names = tensors.keys.sorted()
        let rows = names.prefix(2 * bounds.rows).map { name -> [String] in
            let view = tensors[name]
            return [
                cell(name), Markup.escape(view?.typeName ?? ""),
                "\(view?.shape.map { "\($0)" }.joined(separator: " × ") ?? "")",
                GroupedDigits.text(view?.count ?? 0),
            ]
        }
        let rest = names.count - rows.count
        return OutputPreview(
            "safetensors, \(counted(names.count, "tensor"))",
            grid(["tensor", "type", "shape", "elements"], rows)
                + (rest > 0 ? "<p class=\"rest\">… and \(rest) more.</p>" : ""))
    }

    private static func array(_ bytes: [UInt8], _ view: ArrayView, _ bounds: Bounds)
        -> OutputPreview
    {
        func value(_ place: Int) -> Double {
            view.type.value(
                littleEndian(
                    bytes, at: view.offset + place * view.type.size, count: view.type.size))
        }
        func text(_ place: Int) -> String { Markup.significant(value(place), 5) }
        let shape = view.shape.map { "\($0)" }.joined(separator: " × ")
        let what =
            "npy \(view.typeName), shape \(shape.isEmpty ? "()" : shape)"
            + (view.isFortran ? ", Fortran order" : "")
        guard view.count > 0 else { return OutputPreview(what, "<p>No elements.</p>") }
        if view.shape.count == 2, !view.isFortran {
            let (rows, columns) = (view.shape[0], view.shape[1])
            let shown = (0..<min(rows, bounds.rows)).map { row in
                (0..<min(columns, mostColumns)).map { text(row * columns + $0) }
            }
            let isCut = rows > bounds.rows || columns > mostColumns
            let map =
                rows > 1 && columns > 1 && rows * columns <= 4096 && bounds.rows > 8
                ? ArrayPicture.map(rows: rows, columns: columns, value) : ""
            return OutputPreview(
                what,
                map + grid([], shown)
                    + (isCut ? "<p class=\"rest\">… and more elements.</p>" : ""))
        }
        let shown = min(view.count, 4 * bounds.rows)
        let line =
            view.shape.count == 1 && view.count > 1 && bounds.rows > 8
            ? ArrayPicture.line(count: view.count, value) : ""
        return OutputPreview(
            what,
            line + "<p class=\"values\">" + (0..<shown).map(text).joined(separator: ", ")
                + (shown < view.count ? " …" : "") + "</p>")
    }
}
