import Canon
import Run

extension AuditReport {
    /// The report as a JUnit test suite: an action is a test case.
    package var junit: String {
        let (failures, errors, skipped) = (
            actions(.different).count + actions(.planted).count, actions(.failed).count,
            actions(.missing).count
        )
        let seconds = actions.reduce(0) { $0 + $1.seconds }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuite name=\"audit of \(escaped(experiment))\" tests=\"\(actions.count)\" "
        text += "failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\" "
        text += "time=\"\(seconds)\">\n"
        if let programs {
            text += "  <properties><property name=\"programs\" value=\"\(programs.rawValue)\"/>"
            text += "</properties>\n"
        }
        for action in actions {
            text += "  <testcase classname=\"\(escaped(action.kind))\" "
            text += "name=\"\(escaped(action.name))\" time=\"\(action.seconds)\""
            let message = escaped(action.lines.joined(separator: "\n"))
            switch action.verdict {
            case .identical: text += "/>\n"
            case .within, .stated: text += "><system-out>\(message)</system-out></testcase>\n"
            case .different:
                text += "><failure type=\"different\" message=\"bits differ\">\(message)"
                text += "</failure></testcase>\n"
            case .planted:
                text += "><failure type=\"planted\" message=\"a result was planted\">\(message)"
                text += "</failure></testcase>\n"
            case .failed:
                text += "><error type=\"failed\" message=\"could not be made again\">\(message)"
                text += "</error></testcase>\n"
            case .missing: text += "><skipped message=\"\(message)\"/></testcase>\n"
            }
        }
        return text + "</testsuite>\n"
    }

    /// A text as the value of an attribute.
    private func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "\n", "\t": out += "&#\(scalar.value);"
            // What XML 1.0 has no characters for is left out.
            case "\u{0}"..<" ", "\u{FFFE}", "\u{FFFF}": break
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}
