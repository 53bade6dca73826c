public import Experiment
public import Numerics

extension StageContext {
    /// The arithmetic that the program chose for this run; its profile is in the action's key.
    ///
    /// - Throws: ``NumericsError`` where the arithmetic that was asked for cannot be had, where the program
    ///   gives none, and for a kind whose key does not name the profile.
    public var arithmetic: Arithmetic {
        get throws(NumericsError) {
            guard kind.usesProfile else {
                throw NumericsError(
                    description:
                        "\(kind.name): its key does not name the arithmetic that it asks for\n"
                        + "  fix: declare the kind with usesProfile: true, or take "
                        + "Arithmetic.portable(), whose bits are the same everywhere")
            }
            guard let choice = service(ArithmeticChoice.self) else {
                throw NumericsError(
                    description: "\(kind.name): this program gives its stages no arithmetic\n"
                        + "  fix: add an ArithmeticChoice to the services of its KindRegistry")
            }
            return try choice.arithmetic()
        }
    }
}
