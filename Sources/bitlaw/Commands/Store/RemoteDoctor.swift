import LocalStore
import Remotes
import Run
import System

/// Checks what `bitlaw.yaml` says about remotes: whether they answer, whether they can be written, and
/// whether their rules name keys that are known.
enum RemoteDoctor {
    /// A line for each remote, in the order in which they are asked.
    static func check(project: String, writing: Bool) throws -> [DoctorCheck] {
        let configuration: ProjectConfiguration
        do {
            configuration = try ProjectConfiguration.load(project: project, for: .person)
        } catch {
            return [DoctorCheck(name: "bitlaw.yaml", state: "fail", text: "\(error)")]
        }
        let lines = configuration.withheld.map {
            DoctorCheck(
                name: "bitlaw.yaml", state: "warn",
                text: "asks to \($0.text); not approved, nothing was tried\n  fix: "
                    + Consent.fix(project))
        }
        return try configuration.remotes.map { try check($0, configuration, writing: writing) }
            + lines
    }

    private static func check(
        _ remote: RemoteConfiguration, _ configuration: ProjectConfiguration, writing: Bool
    ) throws -> DoctorCheck {
        let name = "remote \(remote.name)"
        let keys = try KeyStore()
        do {
            let policy = try remote.trust.policy(keys, configuration.keys)
            let opened = try remote.open(creating: false, for: .person)
            let state = try opened.probe(writing: writing)
            var text = "\(place(remote)): \(state); takes \(policy.text)"
            var verdict = "ok"
            if policy.required > policy.signers.count {
                verdict = "fail"
                text +=
                    ", but \(policy.signers.count) of them are left: nothing of it can be used\n"
                    + "  fix: name other signers under `trust:` of the remote"
            } else if policy.takesAny {
                text += ", whoever made it" + (remote.spotCheck > 0 ? ", and spot-checks it" : "")
            }
            if !remote.isRead { text += "; `run` does not ask it (read: false)" }
            return DoctorCheck(name: name, state: verdict, text: text)
        } catch let error as OperationalError {
            return DoctorCheck(name: name, state: "fail", text: "\(error)")
        }
    }

    private static func place(_ remote: RemoteConfiguration) -> String {
        switch remote.address {
        case .folder(let path): path
        case .url(let url): url
        case .rclone(let path): "rclone \(path)"
        }
    }
}
