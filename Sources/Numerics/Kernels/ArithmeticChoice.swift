/// Which arithmetic was asked for; nothing is opened, and nothing refused, before it is needed.
package struct ArithmeticChoice: Sendable, Equatable {
    /// `portable` or `blas`, as `BITLAW_NUMERICS` gives it; `nil` for the default.
    package let name: String?

    /// Notes a wish.
    package init(_ name: String? = nil) { self.name = name }

    /// The arithmetic: `portable`, or what was named.
    ///
    /// - Throws: ``NumericsError`` when that is neither `portable` nor `blas`, or cannot be had.
    package func arithmetic() throws(NumericsError) -> Arithmetic {
        switch name {
        case nil, "", "portable": return try Arithmetic.portable()
        case "blas": return try Arithmetic.withBLAS()
        case let name?:
            throw NumericsError(
                description: "BITLAW_NUMERICS: expected portable or blas, found \"\(name)\"\n"
                    + "  fix: unset BITLAW_NUMERICS for portable, whose bits are the same everywhere"
            )
        }
    }
}
