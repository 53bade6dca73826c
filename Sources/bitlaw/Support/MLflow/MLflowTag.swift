/// The tags by which an exported run is known again.
enum MLflowTag {
    static let action = "bitlaw.action"
    static let key = "bitlaw.key"
    static let digest = "bitlaw.digest"
}
