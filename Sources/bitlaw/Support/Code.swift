/// The exit codes, as `bitlaw --help` lists them.
enum Code {
    static let done: Int32 = 0
    static let failed: Int32 = 1
    static let usage: Int32 = 2
    static let store: Int32 = 3
    static let difference: Int32 = 4
    static let interrupted: Int32 = 130
    /// Nobody reads what is printed any more: the code of a program that SIGPIPE ends.
    static let readerGone: Int32 = 141
}
