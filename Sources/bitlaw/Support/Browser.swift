import System

/// Opens pages where a person sees them.
enum Browser {
    /// Opens a file with `xdg-open`; where that cannot be done, says so and where the page is.
    static func open(_ path: String) {
        do {
            let child = try ChildProcess(
                ["xdg-open", path], environment: EnvironmentVariables.person.words, streams: .log)
            let status = child.wait()
            if status == 0 { return }
            Output.error(
                "--open: xdg-open cannot show the page (it ended with \(status))\n"
                    + "  fix: open it by hand: \(path)\n")
        } catch {
            Output.error(
                "--open: xdg-open, which opens pages, is not installed\n"
                    + "  fix: apt-get install xdg-utils, or open it by hand: \(path)\n")
        }
    }
}
