import Canon

/// A project that `bitlaw init` writes: small, and complete up to its law and its page.
enum ProjectTemplate: String, CaseIterable {
    case laws, own

    /// What it shows, in one sentence.
    var summary: String {
        switch self {
        case .laws: "Data, errors, a law and a page from the kinds that come with Bitlaw."
        case .own: "A program of your own in Python, swept over a size and repeated; a law, a page."
        }
    }

    /// The files by name.
    var files: [(name: String, bytes: [UInt8])] {
        var files: [(name: String, bytes: [UInt8])] = [
            ("bitlaw.yaml", PackageResources.project_yaml), ("README.md", Array(readme.utf8)),
        ]
        switch self {
        case .laws:
            files.append(("experiment.yaml", PackageResources.laws_yaml))
            files.append(("experiment.page.md", PackageResources.laws_page_md))
        case .own:
            files.append(("experiment.yaml", PackageResources.own_yaml))
            files.append(("experiment.page.md", PackageResources.own_page_md))
            files.append(("train.py", PackageResources.train_py))
        }
        return files.sorted { $0.name < $1.name }
    }

    private var readme: String {
        let what =
            switch self {
            case .laws: "`experiment.yaml` fits the law of a nearest neighbour's error."
            case .own: "`experiment.yaml` sweeps `train.py` and fits the law of its loss."
            }
        return """
            # A project of Bitlaw

            \(what) Results go to `.cache`, files for people to `out`; neither belongs into git.

            Run it: `bitlaw run experiment.yaml`. What would run: `bitlaw plan experiment.yaml`.
            What a stage may say: `bitlaw kinds KIND`. What it must give again: `bitlaw lock experiment.yaml`.

            """
    }
}
