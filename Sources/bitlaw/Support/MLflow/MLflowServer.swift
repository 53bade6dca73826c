import Canon
import Remotes
import System

/// An MLflow tracking server, spoken to by its REST API 2.0.
struct MLflowServer {
    /// A run that the server has.
    struct Known {
        let id: String
        /// Whether everything of it is there: an export that broke off left it running.
        let isFinished: Bool
    }

    private let service: JSONService

    /// How many entities go into one request, as the API bounds them.
    private static let (mostParameters, mostMetrics, mostRuns) = (100, 800, 1000)

    /// Names the server of an address that the person gave.
    ///
    /// What proves who asks comes from the person alone: `~/.netrc`, or the variables that MLflow's own
    /// programs read.
    ///
    /// - Throws: ``UsageError`` where the address is none.
    init(_ url: String, for person: EnvironmentVariables) throws {
        guard WebPlace(url) != nil, !url.contains("?"), !url.contains("#") else {
            throw UsageError(
                text:
                    "--to-mlflow \(printable(url)): expected http://HOST:PORT or https://HOST/PATH, without "
                    + "a name or password in it\n  fix: name the address of `mlflow server`; credentials "
                    + "come from ~/.netrc, MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and _PASSWORD"
            )
        }
        var settings = HTTPSettings(parallel: 8, person: person)
        if let token = person["MLFLOW_TRACKING_TOKEN"] {
            settings.credentials = .bearer(token)
        } else if let user = person["MLFLOW_TRACKING_USERNAME"],
            let password = person["MLFLOW_TRACKING_PASSWORD"]
        {
            settings.credentials = .basic(user: user, password: password)
        }
        service = try JSONService(name: "MLflow", url: url, settings: settings)
    }

    /// The experiment of a name, which is made where there is none.
    ///
    /// - Returns: its number there.
    func experiment(named name: String) throws -> String {
        let found = try service.get("\(Self.api)/experiments/get-by-name?experiment_name=\(name)")
        if found.isGood, let id = found.document["experiment"]?["experiment_id"]?.text { return id }
        guard found.document["error_code"] == "RESOURCE_DOES_NOT_EXIST" else {
            throw refusal("find experiment \(name)", found)
        }
        let made = try service.post(
            JSONService.Request(
                "\(Self.api)/experiments/create", ["name": .string(name)], once: true))
        guard made.isGood, let id = made.document["experiment_id"]?.text else {
            throw refusal("make experiment \(name)", made)
        }
        return id
    }

    /// The runs of an experiment that an export made, by what they are of.
    func runs(ofExperiment id: String) throws -> [MLflowRun.Identity: Known] {
        var runs: [MLflowRun.Identity: Known] = [:]
        var page: String?
        var pages: Set<String> = []
        repeat {
            var question: [String: JSON] = [
                "experiment_ids": [.string(id)], "max_results": .number(Double(Self.mostRuns)),
                "filter": .string("tags.`\(MLflowTag.key)` != ''"), "run_view_type": "ACTIVE_ONLY",
            ]
            if let page { question["page_token"] = .string(page) }
            let answer = try service.post(
                JSONService.Request("\(Self.api)/runs/search", .object(question)))
            guard answer.isGood else { throw refusal("search runs", answer) }
            for run in answer.document["runs"]?.elements ?? [] {
                guard let (identity, known) = Self.known(run) else { continue }
                // Of two, the one that is whole.
                if runs[identity]?.isFinished != true { runs[identity] = known }
            }
            page = answer.document["next_page_token"]?.text.flatMap { $0.isEmpty ? nil : $0 }
            // A server that gives the same page again and again would never end.
            if let next = page, !pages.insert(next).inserted { page = nil }
        } while page != nil
        return runs
    }

    /// Makes runs, still without parameters and metrics.
    ///
    /// - Returns: their numbers there, in the same order.
    func create(_ runs: [MLflowRun], inExperiment id: String) throws -> [String] {
        let answers = try service.post(
            runs.map { run in
                var members: [String: JSON] = [
                    "experiment_id": .string(id), "run_name": .string(run.identity.action),
                    "tags": Self.list(run.tags),
                ]
                if let time = run.time { members["start_time"] = .number(Double(time.start)) }
                return JSONService.Request("\(Self.api)/runs/create", .object(members), once: true)
            })
        return try zip(runs, answers).map { run, answer in
            guard answer.isGood, let id = answer.document["run"]?["info"]?["run_id"]?.text else {
                throw refusal("make a run of \(run.identity.action)", answer)
            }
            return id
        }
    }

    /// Brings parameters and metrics, and says that the runs are whole.
    func complete(_ runs: [(run: MLflowRun, id: String)]) throws {
        try all("fill the run", runs, runs.map { Self.batches(of: $0.run, $0.id) })
        try all(
            "end the run", runs,
            runs.map { run, id in
                var members: [String: JSON] = ["run_id": .string(id), "status": "FINISHED"]
                if let time = run.time { members["end_time"] = .number(Double(time.end)) }
                return [JSONService.Request("\(Self.api)/runs/update", .object(members))]
            })
    }

    /// Where a browser shows a run.
    func page(ofRun run: String, inExperiment id: String) -> String {
        "\(service.base)/#/experiments/\(id)/runs/\(run)"
    }
}

extension MLflowServer {
    private static let api = "api/2.0/mlflow"

    private func refusal(_ doing: String, _ answer: JSONService.Answer) -> OperationalError {
        service.refusal(
            doing, answer,
            fix: answer.status == 401 || answer.status == 403
                ? "set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and _PASSWORD, or write ~/.netrc"
                : "mend what it says; the same command goes on where this one stopped")
    }

    /// Posts what each run needs, and names the run that the server refuses.
    private func all(
        _ doing: String, _ runs: [(run: MLflowRun, id: String)], _ requests: [[JSONService.Request]]
    ) throws {
        let owners = zip(runs, requests).flatMap { run, requests in requests.map { _ in run.run } }
        for (owner, answer) in zip(owners, try service.post(requests.flatMap { $0 }))
        where !answer.isGood {
            throw refusal("\(doing) of \(owner.identity.action)", answer)
        }
    }

    /// What brings a run's parameters and metrics, in pieces that the API takes.
    private static func batches(of run: MLflowRun, _ id: String) -> [JSONService.Request] {
        func pieces(_ count: Int, _ most: Int) -> Int { (count + most - 1) / most }
        let count = max(
            pieces(run.parameters.count, mostParameters), pieces(run.metrics.count, mostMetrics))
        let moment = JSON.number(Double(run.time?.end ?? 0))
        return (0..<count).map { place in
            let parameters = run.parameters.dropFirst(place * mostParameters).prefix(mostParameters)
            let metrics = run.metrics.dropFirst(place * mostMetrics).prefix(mostMetrics)
            return JSONService.Request(
                "\(api)/runs/log-batch",
                [
                    "run_id": .string(id), "params": list(Array(parameters)),
                    "metrics": .array(
                        metrics.map { name, value in
                            [
                                "key": .string(name), "value": .number(value), "timestamp": moment,
                                "step": 0,
                            ]
                        }),
                ])
        }
    }

    private static func list(_ pairs: [(name: String, value: String)]) -> JSON {
        .array(pairs.map { ["key": .string($0.name), "value": .string($0.value)] })
    }

    /// What a run of the server is of; `nil` for one that no export made.
    private static func known(_ run: JSON) -> (MLflowRun.Identity, Known)? {
        var tags: [String: String] = [:]
        for tag in run["data"]?["tags"]?.elements ?? [] {
            if let key = tag["key"]?.text { tags[key] = tag["value"]?.text }
        }
        guard let id = run["info"]?["run_id"]?.text, let action = tags[MLflowTag.action],
            let key = tags[MLflowTag.key], let digest = tags[MLflowTag.digest]
        else { return nil }
        return (
            MLflowRun.Identity(action: action, key: key, digest: digest),
            Known(id: id, isFinished: run["info"]?["status"] == "FINISHED")
        )
    }
}
