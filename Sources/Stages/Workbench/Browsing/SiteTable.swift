package import Canon

/// A table for the script of a page: rows of values, each row with a link to what it was read from.
package struct SiteTable {
    /// The names of the columns.
    package let columns: [String]
    /// The rows; each has a value for every column.
    package private(set) var rows: [[JSON]] = []
    /// The pages that rows lead to, each once.
    private var pages: [String] = []
    private var places: [String: Int] = [:]
    /// Of each row the number of its page, and the place on it; -1 for no link.
    private var links: [JSON] = []
    /// About how many bytes the page will hold for the rows.
    package private(set) var size = 0

    /// An empty table.
    package init(columns: [String]) { self.columns = columns }

    /// Adds a row; a link is a page of the folder and a name on it.
    package mutating func add(_ row: [JSON], link: (page: String, name: String)? = nil) {
        rows.append(row)
        // Text dominates; quotes and commas come to it.
        size += row.reduce(0) { $0 + ($1.text.map { $0.utf8.count + 3 } ?? 18) } + 28
        guard let link else { return links.append([-1, ""]) }
        if places[link.page] == nil {
            places[link.page] = pages.count
            pages.append(link.page)
        }
        links.append([.number(Double(places[link.page] ?? 0)), .string(link.name)])
    }

    /// For the script.
    var json: JSON {
        [
            "columns": .array(columns.map { .string($0) }), "rows": .array(rows.map { .array($0) }),
            "pages": .array(pages.map { .string($0) }), "links": .array(links),
        ]
    }
}
