import Glibc
import TestSupport
import Testing

/// The package of `python/`, tried by its own tests with the program that was built beside these.
@Suite struct PythonPackageTests {
    /// A Python that has the libraries which the package uses where they are, if `make peers` made one.
    private let python: String = {
        let own = "\(Repository.root)/.build/python/bin/python3"
        return unsafe access(own, X_OK) == 0 ? own : "python3"
    }()

    @Test func `what it reads, runs and shows is what the program says`() {
        let project = Project()
        let code = project.shell(
            """
            cd '\(Repository.root)/python/tests' && PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=.. \
            BITLAW='\(Project.command)' timeout 300 '\(python)' -m unittest > '\(project.path)/told' 2>&1
            """)
        let told = project.read("told")
        for line in told.split(separator: "\n") where line.hasPrefix("SKIPPED: ") {
            skip(String(line.dropFirst("SKIPPED: ".count)))
        }
        #expect(code == 0, "\(told)")
        #expect(told.contains("\nOK"), "\(told)")
    }
}
