import Canon

/// The axes whose values a program is told as they are: they stand in its words, and so in its key.
///
/// Replicates that it is told by number need no seed that keeps them apart.
enum ToldAxes {
    /// The names that stand alone in `${…}` in a parameter of the key.
    static func of(_ stage: ExperimentSyntax.Stage) -> Set<String> {
        var names: Set<String> = []
        for (parameter, written) in stage.parameters where parameter.isInKey {
            collect(written, &names)
        }
        return names.intersection(stage.over)
    }

    private static func collect(_ written: YAMLValue, _ names: inout Set<String>) {
        switch written.content {
        case .scalar(_, let text, _):
            // A text that is none is told where its value is wanted.
            guard let template = try? Template.parse(text) else { return }
            for case .expression(.path(let name, let members, _), _) in template.pieces
            where members.isEmpty {
                names.insert(name)
            }
        case .list(let elements): for element in elements { collect(element, &names) }
        case .mapping(let members): for (_, member) in members { collect(member, &names) }
        }
    }
}
