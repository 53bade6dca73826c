import Canon
import Glibc
import System

/// What packages that were installed to be edited link to: modules and packages that can be imported from
/// some places.
///
/// Of a folder only what can be imported counts, and only that is shown: the folder may be a whole project,
/// with its data, its store and the environment itself.
struct PythonSources {
    private struct Item {
        /// How it is called whatever its place is: the number of its place, and its name there.
        let name: String
        let path: String
    }

    private let items: [Item]

    /// Looks at places; those within the environment `root`, or of the system, are counted elsewhere.
    init(_ places: [String], of root: String) throws {
        let own = ProjectFolder.real(root)
        var items: [Item] = []
        for (number, place) in places.enumerated() {
            let real = ProjectFolder.real(place)
            if ProjectReach.contains(own, real) || SystemView.shows(real) { continue }
            guard let place = PythonSources.module(at: place) else { continue }
            if !ProjectFolder.isFolder(place) || PythonSources.isPackage(place) {
                items.append(Item(name: "{\(number)}", path: place))
                continue
            }
            for last in try namesInFolder(place) where PythonSources.isImportable(last, in: place) {
                items.append(Item(name: "{\(number)}/\(last)", path: "\(place)/\(last)"))
            }
        }
        self.items = items
    }

    /// Shows what counts, each at its own place.
    var mounts: [SandboxMount] { items.map { SandboxMount($0.path) } }

    /// What counts and stands where it does, with every link followed.
    var places: [String] { items.map { $0.path } }

    /// Adds what counts to the content of an environment.
    ///
    /// - Returns: what links in it lead to outside.
    func add(to content: inout ToolContent, _ source: ToolSource) throws -> [String] {
        var outside: [String] = []
        for item in items {
            guard ProjectFolder.isFolder(item.path) else {
                content.add(file: item.name, try source.digest(item.path))
                continue
            }
            let tree = try ToolTree(item.path)
            outside += tree.outside
            for file in tree.files {
                let name = "\(item.name)/\(file.name)"
                if let link = file.link {
                    content.add(link: name, to: link)
                } else {
                    content.add(file: name, try source.digest(file.path))
                }
            }
        }
        return outside
    }

    /// What stands at a place: itself, or the module that is named without its ending; `nil` for neither.
    private static func module(at place: String) -> String? {
        [place, place + ".py"].first { unsafe access($0, F_OK) == 0 }
    }

    private static func isPackage(_ folder: String) -> Bool {
        unsafe access("\(folder)/__init__.py", F_OK) == 0
    }

    /// Whether Python imports something by this name: a module, or a folder with modules in it.
    private static func isImportable(_ last: String, in folder: String) -> Bool {
        if last.hasPrefix(".") || ToolTree.isByProduct(last) { return false }
        let path = "\(folder)/\(last)"
        guard ProjectFolder.isFolder(path) else { return isModule(last) }
        if unsafe access("\(path)/pyvenv.cfg", F_OK) == 0 { return false }
        let names = (try? namesInFolder(path)) ?? []
        return names.contains { name in
            isModule(name) || isPackage("\(path)/\(name)")
        }
    }

    private static func isModule(_ last: String) -> Bool {
        last.hasSuffix(".py") || last.hasSuffix(".so")
    }
}
