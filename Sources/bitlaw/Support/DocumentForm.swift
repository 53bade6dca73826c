import ArgumentParser
import Canon

/// What a document is that a command prints for programs: its member `format`, and what `bitlaw schema`
/// describes.
///
/// The number at the end is that of the version. Within a version members are added, and none is renamed,
/// removed or given another meaning. `Schemas/json.yaml` has a schema of each.
enum DocumentForm: String, CaseIterable {
    case add = "bitlaw/add/1"
    case adopt = "bitlaw/adopt/1"
    case audit = "bitlaw/audit/1"
    case auditMerge = "bitlaw/audit-merge/1"
    case browse = "bitlaw/browse/1"
    case bundleCreate = "bitlaw/bundle-create/1"
    case bundleImport = "bitlaw/bundle-import/1"
    case bundleVerify = "bitlaw/bundle-verify/1"
    case cancel = "bitlaw/cancel/1"
    case claimsCheck = "bitlaw/claims-check/1"
    case claimsOf = "bitlaw/claims-of/1"
    case claimsText = "bitlaw/claims-text/1"
    case comparison = "bitlaw/comparison/1"
    case diff = "bitlaw/diff/1"
    case doctor = "bitlaw/doctor/1"
    case doctorNumeric = "bitlaw/doctor-numeric/1"
    case export = "bitlaw/export/1"
    case exportMLflow = "bitlaw/export-mlflow/1"
    case gc = "bitlaw/gc/1"
    case graph = "bitlaw/graph/1"
    case keysList = "bitlaw/keys-list/1"
    case keysResults = "bitlaw/keys-results/1"
    case keysRevoke = "bitlaw/keys-revoke/1"
    case kinds = "bitlaw/kinds/1"
    case lock = "bitlaw/lock/1"
    case log = "bitlaw/log/1"
    case logPilots = "bitlaw/log-pilots/1"
    case plan = "bitlaw/plan/1"
    case predict = "bitlaw/predict/1"
    case pull = "bitlaw/pull/1"
    case pullPreview = "bitlaw/pull-preview/1"
    case push = "bitlaw/push/1"
    case report = "bitlaw/report/1"
    case runDetached = "bitlaw/run-detached/1"
    case runEvent = "bitlaw/run-event/1"
    case show = "bitlaw/show/1"
    case sign = "bitlaw/sign/1"
    case status = "bitlaw/status/1"
    case table = "bitlaw/table/1"
    case trace = "bitlaw/trace/1"
    case trustList = "bitlaw/trust-list/1"
    case verify = "bitlaw/verify/1"
    case verifyRepair = "bitlaw/verify-repair/1"
    case why = "bitlaw/why/1"
    case whyAgainst = "bitlaw/why-against/1"

    /// What `--json` does, for the help of each command that takes it.
    static let help: ArgumentHelp =
        "Print JSON for programs; `bitlaw schema COMMAND` describes it."

    /// A document with its `format`.
    func marked(_ document: JSON) -> JSON {
        .object((document.members ?? [:]).merging(["format": .string(rawValue)]) { $1 })
    }
}
