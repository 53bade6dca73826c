package import Canon
package import Glibc

/// A folder of a project that counts as a tree, but for what is left out of it.
///
/// A link that stays in the folder is a link of the tree. Any other is followed: what it leads to has to be
/// within the project's reach, and counts as if it stood there.
package struct SourceFolder: Sendable {
    /// Its whole path.
    package let path: String
    /// What is left out.
    package let filter: PathFilter
    /// Where links may lead.
    package let reach: ProjectReach

    /// Names a folder.
    package init(_ path: String, filter: PathFilter = PathFilter(), reach: ProjectReach) {
        self.path = path
        self.filter = filter
        self.reach = reach
    }

    /// Something in the folder.
    package struct Item {
        /// What it counts as.
        package enum Content {
            /// A file, with its size and identity; the one that a link leads to where that is followed.
            case file(stat)
            /// A folder; what is in it comes later.
            case folder
            /// A link to a place in the folder, as it is written.
            case link(String)
        }

        /// Its path, as seen from the folder.
        package let path: String
        /// What it counts as.
        package let content: Content
        /// Whether it stands elsewhere, where a link leads.
        package let isFollowed: Bool
        fileprivate let entry: FolderEntry
    }

    /// Visits what is in the folder and in the folders in it, each folder before what is in it.
    ///
    /// Pipes and devices are never opened. `visit` is told the open folder that something is in, and says of
    /// a folder whether to go into it.
    ///
    /// - Returns: whether the folder is all of this and nothing else: nothing is left out, no link followed.
    /// - Throws: ``TreeMistake`` for what no tree has, ``OperationalError``, and what `visit` throws.
    @discardableResult
    package func walk(_ visit: (Item, borrowing FolderHandle) throws -> Bool) throws -> Bool {
        var isWhole = true
        var waiting = [Part(path: path, lead: "", cameFrom: [])]
        while let part = waiting.popLast() {
            let folder = try open(part)
            try TreeMistake.namingClosed(part.lead) {
                try folder.walk { parent, step in
                    guard let item = try look(at: step, in: parent, of: part) else {
                        isWhole = false
                        return false
                    }
                    let goesOn = try visit(item, parent)
                    if !item.isFollowed { return goesOn }
                    isWhole = false
                    if goesOn, case .folder = item.content {
                        waiting.append(try part.following(item))
                    }
                    return false
                }
            }
        }
        return isWhole
    }

    /// Opens a file that a walk met; `folder` is the open folder that it was met in.
    ///
    /// - Throws: ``TreeMistake`` where it may not be read, or is gone; ``OperationalError``.
    package func open(_ item: Item, in folder: borrowing FolderHandle) throws -> PlainFile {
        let place = "\(path)/\(item.path)"
        do {
            if item.isFollowed { return try reach.open(place) }
            if let file = try PlainFile.open(item.entry, in: folder, path: place) { return file }
        } catch let error as OperationalError where error.code == .permission {
            throw TreeMistake(item.path, "a file that may not be read")
        }
        throw TreeMistake(item.path, "a file that went away meanwhile")
    }

    private func open(_ part: Part) throws -> FolderHandle {
        do {
            return try reach.openFolder(part.path)
        } catch let error as OperationalError where error.code == .permission {
            let name = part.lead.isEmpty ? "" : String(part.lead.dropLast())
            throw TreeMistake(name, "a folder that may not be opened")
        }
    }

    /// What something counts as; `nil` where it is left out.
    private func look(at step: WalkedEntry, in folder: borrowing FolderHandle, of part: Part) throws
        -> Item?
    {
        guard let below = step.exactPath else {
            throw TreeMistake(part.lead + step.text, "a name that is not UTF-8")
        }
        let path = part.lead + below
        let kind = step.status.st_mode & S_IFMT
        if filter.hides(path, isFolder: kind == S_IFDIR) { return nil }
        if let mistake = TreePath.mistake(path) { throw TreeMistake(path, mistake) }
        func item(_ content: Item.Content, isFollowed: Bool = false) -> Item {
            Item(path: path, content: content, isFollowed: isFollowed, entry: step.entry)
        }
        switch kind {
        case S_IFREG: return item(.file(step.status))
        case S_IFDIR: return item(.folder)
        case S_IFLNK:
            guard let bytes = folder.target(of: step.entry),
                let target = String(validating: bytes, as: UTF8.self)
            else { throw TreeMistake(path, "a link to a path that is not UTF-8, or too long") }
            if TreePath.mistake(target: target, ofLinkAt: below) == nil {
                return item(.link(target))
            }
            return item(try followed(path, target), isFollowed: true)
        default: throw TreeMistake(path, step.status.kindInWords)
        }
    }

    /// What a link leads to.
    private func followed(_ path: String, _ target: String) throws -> Item.Content {
        var status = stat()
        guard unsafe stat("\(self.path)/\(path)", &status) == 0 else {
            throw TreeMistake(path, "a link to \(visible(target)), where nothing can be read")
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file(status)
        case S_IFDIR: return .folder
        default:
            throw TreeMistake(path, "a link to \(visible(target)), which is \(status.kindInWords)")
        }
    }
}

/// A folder whose tree is part of a source folder's: itself, or one that a link leads to.
private struct Part {
    /// Its whole path, by way of the links.
    let path: String
    /// What its paths begin with, as seen from the source folder.
    let lead: String
    /// The folders of the links that were followed to get here, with every link followed.
    let cameFrom: [String]

    /// The part that a link to a folder adds.
    ///
    /// - Throws: ``TreeMistake`` where it leads to a folder that it is in itself.
    func following(_ item: SourceFolder.Item) throws -> Part {
        let place = "\(path)/\(item.path.utf8.dropFirst(lead.utf8.count).text)"
        let target = ProjectFolder.real(place)
        let chain = cameFrom + [ProjectFolder.real(ProjectFolder.folder(of: place))]
        if chain.contains(where: { ProjectReach.contains(target, $0) }) {
            throw TreeMistake(item.path, "a link to \(visible(target)), a folder that it is in")
        }
        return Part(path: place, lead: item.path + "/", cameFrom: chain)
    }
}

extension Substring.UTF8View {
    fileprivate var text: String { String(Substring(self)) }
}
