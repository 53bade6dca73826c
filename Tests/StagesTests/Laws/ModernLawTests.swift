import Canon
import Laws
import Testing
import Workbench

/// A law of today that a person writes into an experiment file, with its reference.
private struct ModernLaw: Sendable, CustomTestStringConvertible {
    let id, data: String
    let parameters: [String: JSON]
    /// What the reference calls a parameter of the formula, where that is another name.
    var names: [String: String] = [:]
    /// The reference's objective over ours: it halves squares.
    var halving = 1.0

    var testDescription: String { id }
}

private let routed = """
    10^(a*log10(N) + b*log10(Eh) + c*log10(N)*log10(Eh) + d) \
    where Eh = 1/(1/(experts - 1 + 1/(1/Es - 1/Em)) + 1/Em)
    """

private func routing(_ router: String) -> ModernLaw {
    ModernLaw(
        id: "moe-\(router)", data: "moe-routing/final.csv",
        parameters: [
            "form": .string(routed), "y": "loss_validation",
            "parameters": ["Es": ["min": 1, "max": 16], "Em": ["min": 32, "max": 8192]],
            "where": .string(
                "main == 1 and (router_type == 'Dense' or router_type == '\(router)')"),
        ], names: ["Es": "E_start", "Em": "E_max"], halving: 0.5)
}

private func mixture(_ domain: String, _ objective: String) -> ModernLaw {
    ModernLaw(
        id: "mix-five_\(domain)-\(objective == "huber" ? "huber" : "ls")",
        data: "data-mixtures/five_domains.csv",
        parameters: [
            "form": "c + exp(sum(u_j * r_j))", "y": .string("loss_\(domain)"),
            "parameters": ["c": ["min": 0]], "objective": .string(objective), "delta": 0.05,
            "space": "linear",
        ], halving: objective == "huber" ? 1 : 0.5)
}

private func ladder(_ task: String) -> ModernLaw {
    let names = ["logA", "logB", "alpha", "beta", "E"]
    return ModernLaw(
        id: "olmo-\(task)-step1", data: "olmo-ladder/ladder.csv",
        parameters: [
            "form": "E + exp(logA)/N^alpha + exp(logB)/D^beta", "y": "bpb_loss_avg5",
            "objective": "huber", "where": .string("task == '\(task)' and role == 'train'"),
            "parameters": .object(Dictionary(names.map { ($0, ["min": 0]) }) { $1 }),
        ])
}

private func prior(_ id: String, _ alpha: JSON) -> ModernLaw {
    ModernLaw(
        id: id, data: "olmo-ladder/ladder.csv",
        parameters: [
            "form": "exp(a - alpha*log(N)) + exp(b - beta*log(D)) + E", "y": "bpb_loss_avg5",
            "where": "task == 'hellaswag_val' and role == 'train'", "sigma": 0.005,
            "parameters": ["E": ["min": 0, "max": 2], "alpha": alpha],
        ], names: ["objective": "none"])
}

/// Repetition with the law of C4 held, as the authors hold it.
private let repetition = """
    exp(logE) + exp(logA)/(V + V*RN*(1 - exp(-(N/V - 1)/RN)))^alpha \
    + exp(logB)/(U + U*RD*(1 - exp(-(D/U - 1)/RD)))^alpha
    """

private let laws = [
    ladder("hellaswag_val"), ladder("csqa_val"),
    prior("formula-prior", ["prior": "normal(0.34, 0.03)"]), prior("formula-noprior", ["min": 0]),
    routing("S-Base"), routing("RL-R"),
    mixture("academic", "huber"), mixture("prose", "least-squares"),
    mixture("internet", "huber"),
    ModernLaw(
        id: "dc-global", data: "data-constrained/runs182.csv",
        parameters: [
            "form": .string(repetition), "y": "loss", "objective": "huber",
            "parameters": [
                "logA": 6.255414, "logB": 7.3049974, "logE": 0.6254804, "alpha": 0.3526596,
                "RD": ["min": 0, "max": 200, "start": [5, 15, 50, 100]],
                "RN": ["min": 0, "max": 20, "start": [1, 1.5, 2, 5]],
            ], "starts": 40,
        ]),
]

/// Published tables through `law.fit`, each law as a formula of the user's own, against scipy's optimum
/// from many random starts.
@Suite struct ModernLawTests {
    @Test(arguments: laws)
    fileprivate func `a formula finds the optimum that scipy finds from many starts`(
        law: ModernLaw
    ) throws {
        guard let data = try sharedFile("data/\(law.data)") else { return }
        let json = try run(
            LawFitStage.self, law.parameters.merging(["bootstrap": 0]) { $1 },
            ["points": [given(data)]]
        ).json("law")
        let reference = try ModernLawReference.rows(law.id)
        let objective = json["objective"]?["value"]?.double.map { $0 * law.halving }
        var found = ["objective": objective]
        for (name, value) in json["parameters"]?.members ?? [:] {
            found[law.names[name] ?? name] = value["value"]?.double
        }
        if law.names["objective"] != nil { found["objective"] = nil }
        var count = 0
        for row in reference {
            guard let value = found[row.parameter] else { continue }
            count += 1
            #expect(
                row.holds(value),
                "\(law.id) \(row.parameter): \(value ?? .nan), expected \(row.value)")
        }
        #expect(count >= 2)
        #expect((json["certificate"]?["scaledGradient"]?.double ?? 1) < 1e-6)
    }

    @Test func `a parameter at its bound is answered and marked`() throws {
        guard let data = try sharedFile("data/olmo-ladder/ladder.csv") else { return }
        let law = ladder("csqa_val")
        let json = try run(
            LawFitStage.self, law.parameters.merging(["bootstrap": 0]) { $1 },
            ["points": [given(data)]]
        ).json("law")
        #expect(json["parameters"]?["E"]?["value"] == 0)
        #expect(json["certificate"]?["atBound"] == ["E"])
    }

    @Test func `what a mixture's shares cannot tell is refused with what they can`() throws {
        guard let data = try sharedFile("data/data-mixtures/five_domains.csv") else { return }
        let text = failure {
            _ = try run(
                LawFitStage.self,
                [
                    "form": "c + k*exp(sum(t_j * r_j))", "y": "loss_prose", "objective": "huber",
                    "delta": 0.05, "space": "linear", "bootstrap": 0,
                ], ["points": [given(data)]])
        }
        #expect(text.contains("unidentifiable"), "\(text)")
        #expect(text.contains("trade off"), "\(text)")
    }
}
