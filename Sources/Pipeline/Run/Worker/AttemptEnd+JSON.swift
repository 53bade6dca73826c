import Canon
import Experiment

/// How a worker tells the engine the end of an attempt.
extension AttemptEnd {
    var json: JSON {
        switch self {
        case .memory: "memory"
        case .outOfMemory: "outOfMemory"
        case .time: "time"
        case .signal(let number): ["signal": .number(Double(number))]
        case .exit(let code): ["exit": .number(Double(code))]
        }
    }

    init?(json: JSON?) {
        switch json?.text {
        case "memory": self = .memory
        case "outOfMemory": self = .outOfMemory
        case "time": self = .time
        default:
            if let number = json?["signal"]?.integer {
                self = .signal(number)
            } else if let code = json?["exit"]?.integer {
                self = .exit(code)
            } else {
                return nil
            }
        }
    }
}
