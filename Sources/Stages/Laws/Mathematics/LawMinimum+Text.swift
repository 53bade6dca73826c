import Canon
import Numerics
import Workbench

extension LawMinimum {
    /// Where it is, and how much more it costs than the best one.
    func text(_ form: any LawForm) -> String {
        let names = zip(form.parameters, natural).map { "\($0.name) \(LawNumber.text($1, 4))" }
        let more = Markup.significant(100 * excess, 2)
        return "\(names.joined(separator: ", ")) costs \(more) % more"
    }

    /// The same for `law.json`.
    func json(_ form: any LawForm) -> JSON {
        let values = zip(form.parameters, natural).map { ($0.name, JSON.finite($1)) }
        return ["parameters": .object(Dictionary(values) { $1 }), "excess": .finite(excess)]
    }
}
