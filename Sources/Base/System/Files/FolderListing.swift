/// The names in folders, each listed once: many keys are looked for in few folders.
///
/// Lives as long as one question; what comes into a folder meanwhile is the next question's.
package struct FolderListing {
    private var listed: [String: [String]] = [:]

    /// Nothing is listed yet.
    package init() {}

    /// Lists a folder, unless it is listed.
    @discardableResult
    package mutating func list(_ folder: String) throws -> [String] {
        if let known = listed[folder] { return known }
        let names = try namesInFolder(folder)
        listed[folder] = names
        return names
    }

    /// The names in a folder that begin with a prefix, sorted; none where there is no folder.
    ///
    /// - Complexity: O(log n) in the folder's names, once it is listed.
    package mutating func names(_ folder: String, _ prefix: String) throws -> ArraySlice<String> {
        let names = try list(folder)
        var (low, high) = (0, names.count)
        while low < high {
            let middle = (low + high) / 2
            if names[middle] < prefix { low = middle + 1 } else { high = middle }
        }
        return names[low...].prefix { $0.hasPrefix(prefix) }
    }
}
