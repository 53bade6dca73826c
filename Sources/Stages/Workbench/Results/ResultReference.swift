import Canon
import Experiment
import System

/// A place in results: `STAGE[CONDITIONS]/OUTPUT.MEMBER[CONDITIONS].MEMBER`.
struct ResultReference {
    /// A step into a document.
    enum Step {
        case member(String, offset: Int)
        case element(Int, offset: Int)
        case filter([RowCondition], offset: Int)
    }

    /// As it was written.
    let text: String
    let stage: String
    /// `nil` for the first output that is given.
    let output: String?
    /// The conditions on actions, and on the rows of what they gave.
    let conditions: [RowCondition]
    let steps: [Step]
    /// Where it stands in its expression, in characters from 0.
    let offset: Int

    /// All conditions, of actions, rows and elements.
    var allConditions: [RowCondition] {
        conditions
            + steps.flatMap { step in
                if case .filter(let conditions, _) = step { return conditions }
                return []
            }
    }
}

/// One comparison in brackets: `samples>=1000`, `model.name=polar`.
struct RowCondition {
    /// The axis, column or member, and members of its value.
    let path: [String]
    let comparison: ConditionSign
    /// The value as it was written, without quotes.
    let bound: String
    /// The same as a number, where it is one and stands in no quotes.
    let number: Double?
    let offset: Int

    /// As messages show it.
    var text: String { "\(path.joined(separator: "."))\(comparison.rawValue)\(bound)" }

    /// Whether a row passes; `nil` where it has nothing of that name.
    func holds(labels: [String: JSON], record: [String: JSON]) -> Bool? {
        guard let value = value(labels) ?? value(record) else { return nil }
        return holds(value)
    }

    private func value(_ names: [String: JSON]) -> JSON? {
        if let whole = names[path.joined(separator: ".")] { return whole }
        guard var value = names[path[0]] else { return nil }
        for name in path.dropFirst() {
            guard let next = value[name] else { return nil }
            value = next
        }
        return value
    }

    private func holds(_ value: JSON) -> Bool {
        switch comparison {
        case .equal: return equals(value)
        case .notEqual: return !equals(value)
        case .less: return compares(value, <)
        case .lessOrEqual: return compares(value, <=)
        case .greater: return compares(value, >)
        case .greaterOrEqual: return compares(value, >=)
        }
    }

    private func equals(_ value: JSON) -> Bool {
        if let own = value.double, let number { return own == number }
        return Series.text(of: value).isSameText(as: bound)
    }

    private func compares(_ value: JSON, _ holds: (Double, Double) -> Bool) -> Bool {
        guard let own = value.double, let number else { return false }
        return holds(own, number)
    }
}
