/// The version of Bitlaw: the one place in code that says it.
///
/// A test holds `CHANGELOG.md` and `CITATION.cff` to it, and `make version` reads it here.
enum BitlawVersion {
    static let number = "0.2.0"
}
