import Canon

/// What `squeue` says of the jobs of a run, as JSON or in columns.
///
/// Versions differ in the JSON: a number may be an object with `set` and `number`, and a state may be a list
/// whose first member is the state. Tasks of an array that have not begun are one entry, with their numbers
/// as a text.
enum SlurmQueue {
    /// The columns that are asked for where there is no JSON.
    static let columns = "--format=%i|%T|%r"

    /// Reads columns.
    static func states(inColumns text: String) -> [String: PilotState] {
        var states: [String: PilotState] = [:]
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: "|", omittingEmptySubsequences: false)
            guard fields.count >= 3 else { continue }
            states[String(fields[0])] = state(String(fields[1]), String(fields[2]))
        }
        return states
    }

    /// Reads JSON, of which only the jobs of this name count; `nil` where there is none.
    static func states(inJSON text: String, of name: String) -> [String: PilotState]? {
        // The name of a cluster may stand before it.
        let object = text.utf8.drop { $0 != UInt8(ascii: "{") }
        guard let json = try? JSON(parsing: Array(object)), let jobs = json["jobs"]?.elements
        else { return nil }
        var states: [String: PilotState] = [:]
        // Some versions list the jobs of all, whatever is asked for.
        for job in jobs where job["name"]?.text == name {
            guard let state = state(of: job["job_state"]) else { continue }
            let reason = reason(of: job)
            for pilot in names(of: job) { states[pilot] = SlurmQueue.state(state, reason) }
        }
        return states
    }

    /// The state of a job; beside it a list may have what is true of it too, such as COMPLETING.
    private static func state(of json: JSON?) -> String? {
        guard let list = json?.elements else { return json?.text }
        return list.contains("COMPLETING") ? "COMPLETING" : list.first?.text
    }

    /// Why it is so, as columns tell it: the longer text where there is one.
    private static func reason(of job: JSON) -> String {
        let texts = ["state_description", "state_reason"].compactMap { job[$0]?.text }
        return texts.first { !$0.isEmpty }?.replacing(" ", with: "_") ?? "None"
    }

    private static func number(_ json: JSON?) -> Int? {
        if let number = json?.integer { return number }
        return json?["set"] == true ? json?["number"]?.integer : nil
    }

    /// The names of the pilots that an entry tells of.
    private static func names(of job: JSON) -> [String] {
        guard let array = number(job["array_job_id"]), array > 0 else { return [] }
        let tasks = job["array_task_string"]?.text ?? ""
        if !tasks.isEmpty { return numbers(in: tasks).map { "\(array)_\($0)" } }
        return number(job["array_task_id"]).map { ["\(array)_\($0)"] } ?? []
    }

    /// The numbers of `0,3-5,10-20:5%4`; what is cut short by `...` is left out.
    private static func numbers(in text: String) -> [Int] {
        let list = text.split(separator: "%", omittingEmptySubsequences: false)[0]
        return list.split(separator: ",").flatMap { part -> [Int] in
            let (range, step) = halves(part.drop { $0 == "[" }, ":")
            let (first, last) = halves(range, "-")
            guard let from = Int(first), let to = Int(last ?? first), from <= to,
                to - from <= 5_000_000
            else { return [] }
            return Array(stride(from: from, through: to, by: max(1, step.flatMap { Int($0) } ?? 1)))
        }
    }

    private static func halves(
        _ text: Substring, _ mark: Character
    ) -> (Substring, Substring?) {
        let parts = text.split(separator: mark, maxSplits: 1)
        return (parts.first ?? "", parts.count > 1 ? parts[1] : nil)
    }

    private static let live = [
        "RUNNING", "COMPLETING", "CONFIGURING", "SUSPENDED", "STOPPED", "SIGNALING", "STAGE_OUT",
        "RESIZING",
    ]

    private static func state(_ state: String, _ reason: String) -> PilotState {
        if live.contains(state) { return .running }
        if ["PENDING", "REQUEUED", "REQUEUE_HOLD", "REQUEUE_FED", "SPECIAL_EXIT", "RESV_DEL_HOLD"]
            .contains(state)
        {
            // Such jobs wait until a person or an administrator does something.
            let isStuck =
                reason.lowercased().contains("launch_failed")
                || reason.lowercased().contains("launch failed")
                || ["BadConstraints", "PartitionTimeLimit", "InvalidAccount", "InvalidQOS"]
                    .contains(reason)
            return isStuck ? .stuck(reason) : .waiting(reason)
        }
        let words = reason == "None" ? state : "\(state) (\(reason))"
        return ["PREEMPTED", "NODE_FAIL", "BOOT_FAIL"].contains(state)
            ? .taken(words) : .ended(words)
    }
}
