import Canon
import Experiment
import Workbench

/// The name of a file that holds an output: readable, allowed on every system, and another for each output.
///
/// `train[n=2,mode=fast]` gives `train_n=2_mode=fast.out`; a comma stands before an axis that has `_` in its
/// own name. What is no letter, digit, `.`, `-`, `_` or `+` becomes `%` and two digits.
enum ExportName {
    /// The most bytes of a name: every file system takes 255, and drafts need some.
    static let mostBytes = 200

    /// The name for one output of an action.
    static func of(_ action: Action, _ port: OutputPort) -> String {
        let parts = zip(action.coordinates, action.labels).map { coordinate, label in
            let lead = coordinate.axis.contains("_") ? "," : "_"
            return "\(lead)\(coordinate.axis)=\(encoded(unquoted(label)))"
        }
        let stage = parts.isEmpty ? action.name : String(action.name.prefix { $0 != "[" })
        var stem = encoded(stage) + parts.joined()
        let room = mostBytes - port.fileName.utf8.count - 1
        if stem.utf8.count > room {
            let digest = Digest(of: Array(stem.utf8).span).hex.prefix(16)
            stem = "\(stem.prefix(room - 17))~\(digest)"
        }
        return "\(stem).\(port.fileName)"
    }

    /// The name for a page: `report.html` where the stage is called `report` or the experiment has no other;
    /// with the action's name where it has several.
    static func ofPage(_ action: Action, _ port: OutputPort, in graph: ActionGraph) -> String {
        let count = graph.stages.count { stage in
            stage.kind.outputs.contains { $0.role == port.role }
        }
        let isOnly = count == 1 || action.name == "report"
        return isOnly && action.coordinates.isEmpty ? port.fileName : of(action, port)
    }

    /// Every name that files of an experiment may have.
    static func all(in graph: ActionGraph) -> Set<String> {
        // `report` may make a page of an experiment that has none.
        var names: Set<String> = [ReportPorts.page.fileName]
        for action in graph.actions {
            for port in graph.stage(of: action).kind.outputs {
                let name = of(action, port)
                names.insert(name)
                names.formUnion(FigureFormat.names(of: name))
                if port.role == .page { names.insert(ofPage(action, port, in: graph)) }
            }
        }
        return names
    }

    /// A text without its quotation marks, where nothing else could be meant without them.
    private static func unquoted(_ label: String) -> String {
        guard label.utf8.count > 2, label.hasPrefix("\""), label.hasSuffix("\"") else {
            return label
        }
        let inner = String(label.dropFirst().dropLast())
        let isOther =
            inner.hasPrefix("[") || inner.hasPrefix("{") || (try? JSON(parsing: inner)) != nil
        return isOther ? label : inner
    }

    private static func encoded(_ text: String) -> String {
        var name = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "+"):
                name.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                name += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return name
    }
}
