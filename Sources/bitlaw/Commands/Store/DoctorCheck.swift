/// A line of what `doctor` answers.
struct DoctorCheck {
    let name: String
    /// `ok`, `warn` or `fail`.
    let state: String
    let text: String
}
