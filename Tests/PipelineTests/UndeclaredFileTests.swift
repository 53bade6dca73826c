import Run
import Testing

/// The hint for a program that misses a file of the project.
@Suite struct UndeclaredFileTests {
    private let files: Set<String> = [
        "helper.py", "data/x.csv", "lib/", "src/local.py", "tool.sh", "it's.txt", "util.R",
        "a b.txt",
    ]

    private func find(_ log: String) -> String? {
        UndeclaredFile(in: log, project: "/home/me/project", exists: files.contains)?.name
    }

    /// The words of Python 3.11, R 4.2, dash, bash, coreutils, perl 5.36 and node 18 as they print them.
    @Test(arguments: [
        ("ModuleNotFoundError: No module named 'helper'", "helper.py"),
        ("ModuleNotFoundError: No module named 'lib.model'; 'lib' is not a package", "lib/"),
        ("/usr/bin/python3: No module named helper", "helper.py"),
        (
            "Traceback (most recent call last):\n  File \"/work/src/train.py\", line 1, in <module>\n"
                + "    import local\nModuleNotFoundError: No module named 'local'", "src/local.py"
        ),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'data/x.csv'", "data/x.csv"),
        ("FileNotFoundError: [Errno 2] No such file or directory: \"it's.txt\"", "it's.txt"),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: '/work/data/x.csv'",
            "data/x.csv"
        ),
        (
            "FileNotFoundError: [Errno 2] No such file or directory: '/home/me/project/data/x.csv'",
            "data/x.csv"
        ),
        ("FileNotFoundError: data/x.csv not found.", nil),
        (
            "python3: can't open file '/work/helper.py': [Errno 2] No such file or directory",
            "helper.py"
        ),
        ("sh: 1: ./tool.sh: not found", "tool.sh"),
        ("sh: 0: cannot open tool.sh: No such file", "tool.sh"),
        ("sh: 1: cannot open data/x.csv: No such file", "data/x.csv"),
        ("bash: line 1: ./tool.sh: No such file or directory", "tool.sh"),
        ("cat: data/x.csv: No such file or directory", "data/x.csv"),
        ("cat: 'a b.txt': No such file or directory", "a b.txt"),
        ("ls: cannot access 'lib/': No such file or directory", "lib/"),
        ("ls: cannot access ‘data/x.csv’: No such file or directory", "data/x.csv"),
        (
            "Error in file(file, \"rt\") : cannot open the connection\nIn addition: Warning message:\n"
                + "In file(file, \"rt\") :\n  cannot open file 'data/x.csv': No such file or directory\n"
                + "Execution halted", "data/x.csv"
        ),
        ("Can't open perl script \"tool.sh\": No such file or directory", "tool.sh"),
        ("Error: Cannot find module '/work/tool.sh'", "tool.sh"),
    ])
    func `the file is found in what the program said`(log: String, name: String?) {
        #expect(find(log + "\n") == name)
    }

    @Test(arguments: [
        "", "ModuleNotFoundError: No module named 'numpy'",
        "cat: other.csv: No such file or directory",
        "read data/x.csv\nValueError: bad row", "No such file or directory: '../data/x.csv'",
        "No such file or directory: '/etc/data/x.csv'", "No module named ''", "No such file: ''''",
        "helper.py: all is well",
    ])
    func `nothing is said of what is not in the project, or was not missed`(log: String) {
        #expect(find(log) == nil)
    }

    @Test func `the last complaint counts, and of a long log the end is searched`() {
        let two =
            "cat: tool.sh: No such file or directory\ncat: helper.py: No such file or directory"
        #expect(find(two) == "helper.py")
        #expect(find(two + String(repeating: "\nline", count: 100)) == nil)
    }

    @Test func `the hint names what to write`() {
        let file = UndeclaredFile(
            in: "No module named 'helper'", project: "/p", exists: files.contains)
        #expect(
            file?.hint
                == "helper.py stands in the project, but the stage does not declare this file: add "
                + "it to `files: [helper.py]`")
        let folder = UndeclaredFile(
            in: "No module named 'lib'", project: "/p", exists: files.contains)
        #expect(folder?.hint.hasSuffix("this folder: add it to `files: [lib/]`") == true)
    }
}
