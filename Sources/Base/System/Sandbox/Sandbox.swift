/// What a confined program sees: nothing else is there for it.
///
/// The program has a process table, a `/dev` and a user of its own; no project, no store, no other
/// process, no capability. Unless it is given one, it has no network either. Bubblewrap builds it from
/// namespaces of the kernel: no daemon and no right of root is needed.
package struct Sandbox: Sendable {
    /// What it sees beside the system, in the order of mounting: a later one may lie in an earlier one.
    package var mounts: [SandboxMount]
    /// Its environment, `NAME=VALUE` each, and nothing else.
    package var variables: [String]
    /// The folder that it starts in, as it sees it.
    package var folder: String
    /// Whether it reaches the network of this machine.
    package var hasNetwork: Bool
    /// Whether it also gets the variables that bubblewrap is started with, where `variables` has none of that
    /// name: what stands in no word of a process cannot be read by other accounts.
    package var handsOn: Bool
    /// What stands for the small settings of the system; without it each is mounted by itself.
    package var settings: SettingsCopy?

    /// Where every confined program works, as it sees it.
    package static let workFolder = "/work"
    /// The number of the user, and of the group, that the program believes to be: the same for everybody.
    package static let user = 1000

    /// Describes what a program sees.
    package init(
        mounts: [SandboxMount], variables: [String], folder: String, hasNetwork: Bool = false,
        handsOn: Bool = false, settings: SettingsCopy? = nil
    ) {
        self.mounts = mounts
        self.variables = variables
        self.folder = folder
        self.hasNetwork = hasNetwork
        self.handsOn = handsOn
        self.settings = settings
    }

    /// The words that start a program in it.
    ///
    /// The program dies with whoever started it, and all that it started dies with the program.
    /// - Parameters:
    ///   - program: the program, as it is found within, and its arguments.
    ///   - bubblewrap: the path of `bwrap`.
    ///   - keeper: the path of ``ProgramKeeper``; without one, signals look like exit codes.
    /// - Returns: the words of bubblewrap, and the program's behind them.
    package func words(for program: [String], bubblewrap: String, keeper: String? = nil)
        -> [String]
    {
        var words = [
            bubblewrap, "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session",
            "--uid", String(Sandbox.user), "--gid", String(Sandbox.user), "--hostname", "bitlaw",
        ]
        if !handsOn { words.append("--clearenv") }
        if hasNetwork { words.append("--share-net") }
        for variable in variables {
            let name = EnvironmentVariables.name(of: variable)
            let value = variable.utf8.dropFirst(name.utf8.count + 1)
            words += ["--setenv", name, String(decoding: value, as: UTF8.self)]
        }
        words += SystemView.words(hasNetwork: hasNetwork, settings: settings)
        words += ["--proc", "/proc", "--dev", "/dev"]
        for mount in mounts {
            words += [mount.word, mount.source, mount.place]
        }
        if let keeper {
            words += ["--as-pid-1", "--ro-bind", keeper, ProgramKeeper.place]
        }
        words += ["--chdir", folder, "--"]
        return words + (keeper == nil ? [] : [ProgramKeeper.place]) + program
    }
}
