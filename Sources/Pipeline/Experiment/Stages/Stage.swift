/// A step of an experiment: a pure function of its parameters, its seed and its inputs.
///
/// A stage reads no clock, no environment, no file and no global: everything that can change its
/// outputs comes through the context, for only that is in the action key. A kind that is a
/// measurement reads the clock; its key names the machine.
package protocol Stage: Sendable {
    /// The contract: name, version, parameters, inputs, outputs.
    static var kind: Kind { get }

    /// Makes every output that the kind declares.
    ///
    /// - Throws: any error; its text is the action's failure, shown to the person who runs it.
    static func run(_ context: StageContext) throws
}
