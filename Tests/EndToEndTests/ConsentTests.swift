import Glibc
import TestSupport
import Testing

/// A project is data until its reader says otherwise: what a checkout of a stranger tries, and what a word
/// of approval lets it do.
@Suite(.serialized) struct ConsentTests: SharingPeople {
    /// The person's configuration, without any approval but what the test gives.
    private func bare(_ project: Project, _ arguments: String, _ environment: String = "")
        -> Project.Outcome
    {
        project.bitlaw(
            arguments,
            environment:
                "BITLAW_ACCOUNT_SECRET= BITLAW_CONFIG='\(project.path)/config' \(environment)")
    }

    private let commands = [
        "doctor", "plan pipelines/many.yaml --remotes", "plan pipelines/many.yaml",
        "pull pipelines/many.yaml", "show pipelines/many.yaml sum", "status pipelines/many.yaml",
        "why pipelines/many.yaml sum", "run pipelines/many.yaml -q -j2",
        "push pipelines/many.yaml", "audit --unconfined pipelines/many.yaml", "verify --repair",
    ]

    @Test(arguments: [
        ":webdav,url='http://127.0.0.1:9/',bearer_token_command='touch PWNED':",
        "lab,bearer_token_command='touch PWNED':x", "/tmp/x", ":local:/tmp",
    ])
    func `an inline backend of rclone in a project's file is refused, and no command starts it`(
        backend: String
    ) {
        let eve = project("remotes:\n  cache: {rclone: \"\(backend)\"}\n")
        // A program of the name stands in the way of the real one, and tells.
        eve.write("bin/rclone", "#!/bin/sh\ntouch '\(eve.path)/PWNED'\n")
        eve.shell("chmod +x bin/rclone")
        for command in commands {
            let outcome = bare(eve, command, "PATH='\(eve.path)/bin':$PATH")
            #expect(outcome.code != 0, "\(command)")
            #expect(
                "\(outcome.error)\(outcome.output)".contains(
                    "expected: NAME:PATH, a remote of your own rclone configuration"), "\(command)")
        }
        #expect(bare(eve, "trust --yes").code == 2)
        #expect(eve.shell("test -e PWNED") != 0)
    }

    @Test func `rclone of a project's file is started only once it is approved`() {
        let eve = project("remotes:\n  cache: {rclone: 's3:group/x'}\n")
        eve.write("bin/rclone", "#!/bin/sh\ntouch '\(eve.path)/PWNED'\nexit 1\n")
        eve.shell("chmod +x bin/rclone")
        let path = "PATH='\(eve.path)/bin':$PATH"
        for command in commands { _ = bare(eve, command, path) }
        #expect(eve.shell("test -e PWNED") != 0)
        #expect(bare(eve, "trust --yes").output.contains("start rclone for the remote cache"))
        _ = bare(eve, "doctor", path)
        #expect(eve.shell("test -e PWNED") == 0)
    }

    @Test(arguments: [
        "token: {env: AWS_SECRET_ACCESS_KEY}", "token: {file: /home/me/.ssh/secret}",
        "user: ada, password: {env: AWS_SECRET_ACCESS_KEY}",
    ])
    func `a project's file cannot say which secret of its reader goes where`(credentials: String) {
        let eve = project("remotes:\n  lab: {url: 'http://127.0.0.1:9/x', \(credentials)}\n")
        for command in commands {
            let outcome = bare(eve, command, "AWS_SECRET_ACCESS_KEY=4711")
            #expect(outcome.code != 0, "\(command)")
            #expect(
                "\(outcome.error)\(outcome.output)".contains(
                    "in a project's file, which anybody may have written"), "\(command)")
        }
    }

    @Test
    func `a remote of a project is not spoken to before it is approved, and each command says so`()
        throws
    {
        let place = Project()
        let ada = project()
        #expect(ada.bitlaw("run pipelines/many.yaml -q -j2").code == 0)
        #expect(ada.bitlaw("push pipelines/many.yaml --to '\(place.path)/s'").code == 0)
        let eve = project("remotes:\n  lab: {path: '\(place.path)/s'}\n")
        let refused =
            "stands in \(eve.path)/bitlaw.yaml, and you did not approve it: nothing was sent"
        for command in [
            "plan pipelines/many.yaml --remotes", "pull pipelines/many.yaml",
            "pull pipelines/many.yaml --from lab", "push pipelines/many.yaml --to lab",
        ] {
            let outcome = bare(eve, command)
            #expect(outcome.code == 2, "\(command)")
            #expect(outcome.error.contains(refused), "\(outcome.error)")
            #expect(outcome.error.contains("fix: look at it, then bitlaw trust '\(eve.path)'"))
        }
        eve.shell("mkdir -p config; echo 'programs: allowed' > config/config.yaml")
        let run = bare(eve, "run pipelines/many.yaml -j2")
        #expect(run.output.hasPrefix("25 ran in "), "\(run.error)")
        #expect(run.error.contains("asks for what you did not approve; going on without it:\n"))
        #expect(
            run.error.contains("  - use the remote lab, the folder \(place.path)/s, and take any"))
        #expect(
            bare(eve, "doctor").output.contains("warn\tbitlaw.yaml\tasks to use the remote lab"))
        // Without a terminal nothing is approved by silence.
        let asked = bare(eve, "trust")
        #expect(asked.code == 2)
        #expect(asked.error.contains("fix: bitlaw trust '\(eve.path)' --yes"), "\(asked.error)")
        #expect(bare(eve, "trust . --yes").code == 0)
        eve.shell("rm -rf .cache")
        #expect(
            bare(eve, "run pipelines/many.yaml").output.hasPrefix(
                "0 ran, 25 cached, 25 of these from remotes in "))
        #expect(eve.shell("test $(stat -c %a config/approved.json) = 600") == 0)
        #expect(bare(eve, "trust --list").output.hasPrefix("\(eve.path) may\n  - "))
        #expect(bare(eve, "trust --list").output.contains("  - use the remote lab, the folder "))
        #expect(bare(eve, "trust --revoke").code == 0)
        #expect(bare(eve, "trust --list").output == "nothing is approved\n")
        #expect(bare(eve, "pull pipelines/many.yaml").code == 2)
    }

    @Test func `approval is asked again when the list grows, and not when anything else is edited`()
    {
        let eve = project("remotes:\n  lab: {path: /nonexistent/s, trust: {signed-by: [ada]}}\n")
        #expect(bare(eve, "trust --yes").code == 0)
        eve.write(
            "bitlaw.yaml",
            "# edited\nremotes:\n  lab: {path: /nonexistent/s, trust: {signed-by: [ada]}, retries: 1}\n"
        )
        eve.write("pipelines/many.yaml", manyCells.replacing("echo cell", with: "echo other"))
        #expect(bare(eve, "trust").code == 0)
        for grown in [
            "remotes:\n  lab: {path: /nonexistent/s}\n",
            "remotes:\n  lab: {path: /nonexistent/t, trust: {signed-by: [ada]}}\n",
            "remotes:\n  lab: {path: /nonexistent/s, trust: {signed-by: [ada]}}\n  b: {path: /b}\n",
            "store: /nonexistent/store\n",
        ] {
            eve.write("bitlaw.yaml", grown)
            #expect(bare(eve, "trust").code == 2, "\(grown)")
        }
    }

    @Test(arguments: [
        "store: ../victim", "store: link", "store: link/deeper", "store: /tmp/victim",
    ])
    func `a project's file cannot move the store out of the project`(text: String) {
        let eve = project(text + "\n")
        eve.shell("mkdir outside; ln -s /tmp link")
        let outcome = bare(eve, "run pipelines/many.yaml -q -j2")
        #expect(outcome.code == 2)
        #expect(outcome.error.contains("puts the store outside the project"), "\(outcome.error)")
        #expect(eve.shell("test -e ../victim -o -e /tmp/victim -o -e /tmp/deeper") != 0)
        #expect(eve.bitlaw("run pipelines/many.yaml -q -j2 --store here").code == 0)
        eve.write("bitlaw.yaml", "store: kept/here\n")
        #expect(eve.bitlaw("run pipelines/many.yaml -q -j2").code == 0)
        #expect(eve.shell("test -d kept/here/cas") == 0)
    }

    @Test func `a rule of the reader's own configuration is not loosened by a project`() {
        let eve = project("trust: {signed-by: [ada, mallory]}\n")
        let one = String(repeating: "1", count: 64)
        let three = String(repeating: "3", count: 64)
        eve.write(
            "config/config.yaml",
            "programs: allowed\nkeys: {ada: \(one), mallory: \(three)}\ntrust: {signed-by: [ada]}\n"
        )
        let outcome = bare(eve, "run pipelines/many.yaml -j2")
        #expect(
            outcome.error.contains(
                "use results with 1 of the signatures of ada, mallory in its store, where your own rule "
                    + "asks for results with 1 of the signatures of ada"), "\(outcome.error)")
        #expect(outcome.error.contains("asks for a signature by ada; you have no"))
        eve.write("bitlaw.yaml", "trust: {signatures: 2, of: [ada, mallory]}\n")
        #expect(bare(eve, "trust").code == 2, "mallory is nobody of the reader's rule")
        eve.write("bitlaw.yaml", "trust: any\n")
        #expect(bare(eve, "status pipelines/many.yaml").error.isEmpty)
    }

    @Test func `a project's keys take no name of the reader's own rules`() {
        let eve = project("keys: {ada: \(String(repeating: "1", count: 64))}\n")
        eve.write("config/config.yaml", "programs: allowed\ntrust: {signed-by: [ada]}\n")
        let outcome = bare(eve, "run pipelines/many.yaml -q")
        #expect(outcome.code != 0)
        #expect(outcome.error.contains("ada"), "\(outcome.error)")
        eve.write("config/config.yaml", "programs: allowed\n")
        #expect(bare(eve, "run pipelines/many.yaml -q -j2").code == 0)
    }

    @Test func `a link in the place of the store leads nowhere outside without a word`() {
        let (eve, other) = (project(), Project())
        eve.write("config/config.yaml", "programs: allowed\n")
        eve.shell("mkdir '\(other.path)/s'; ln -s '\(other.path)/s' .cache")
        let refused = bare(eve, "run pipelines/many.yaml -q -j2")
        #expect(refused.code == 2)
        #expect(
            refused.error.contains(
                ".cache is a link that puts the store outside the project, into \(other.path)/s"),
            "\(refused.error)")
        #expect(other.shell("test -z \"$(ls -A s)\"") == 0)
        #expect(bare(eve, "trust --yes").output.contains("keep its results outside the project"))
        #expect(bare(eve, "run pipelines/many.yaml -q -j2").code == 0)
        #expect(other.shell("test -d s/cas") == 0)
    }

    @Test func `a remote of the reader's own configuration needs no word, and has its credentials`()
    {
        let place = Project()
        let ada = project()
        #expect(ada.bitlaw("run pipelines/many.yaml -q -j2").code == 0)
        ada.write("config/config.yaml", "remotes:\n  stick: {path: '\(place.path)/s'}\n")
        #expect(bare(ada, "push pipelines/many.yaml").code == 0)
        let eve = project("remotes:\n  lab: {path: '\(place.path)/./s'}\n")
        eve.write(
            "config/config.yaml",
            "programs: allowed\nremotes:\n  stick: {path: '\(place.path)/s'}\n")
        let outcome = bare(eve, "run pipelines/many.yaml")
        #expect(outcome.output.hasPrefix("0 ran, 25 cached, 25 of these from remotes in "))
        #expect(outcome.error.contains("did not approve") == false)
    }

    @Test(arguments: ["bitlaw.yaml", ".git"])
    func `what another account put into a parent folder makes no project`(marker: String) {
        guard isRoot(else: "files of another account were not tried") else { return }
        let shared = Project()
        shared.shell("mkdir -p alice; chmod 1777 .")
        shared.write(marker, marker == ".git" ? "x" : "store: taken\n")
        shared.shell("chown 65534 \(marker)")
        shared.write("alice/e.yaml", manyCells)
        shared.shell("mkdir config; echo 'programs: allowed' > config/config.yaml")
        #expect(bare(shared, "run e.yaml -q -j2 -C alice").code == 0)
        #expect(shared.shell("test -d alice/.cache -a ! -e taken -a ! -e .cache") == 0)
        // In the person's own folder it is looked at, and counts after a word.
        if marker == ".git" { return }
        shared.write("alice/bitlaw.yaml", "store: kept\n")
        shared.shell("chown 65534 alice/bitlaw.yaml; rm -rf alice/.cache")
        let told = bare(shared, "run e.yaml -q -j2 -C alice")
        #expect(told.error.contains("follow bitlaw.yaml, which belongs to account 65534"))
        #expect(shared.shell("test -d alice/.cache -a ! -e alice/kept") == 0)
        #expect(bare(shared, "trust alice --yes").code == 0)
        #expect(bare(shared, "run e.yaml -q -j2 -C alice").code == 0)
        #expect(shared.shell("test -d alice/kept") == 0)
    }

    @Test func `the keys of a person and what they approved are theirs alone, whatever the umask`()
    {
        let eve = project("remotes:\n  lab: {path: /nonexistent/s}\n")
        let command =
            "umask 000; BITLAW_ACCOUNT_SECRET= BITLAW_CONFIG=\"$PWD/config\" '\(Project.command)'"
        #expect(
            eve.shell("\(command) keys new ada >/dev/null; \(command) trust --yes >/dev/null") == 0)
        #expect(
            eve.shell(
                "test \"$(stat -c %a config config/keys config/keys.json config/approved.json "
                    + "config/keys/ada.pem | xargs)\" = '700 700 600 600 600'") == 0)
        // An older folder, open to everybody, is closed by the next word.
        #expect(eve.shell("chmod 777 config; \(command) keys new grace >/dev/null") == 0)
        #expect(eve.shell("test $(stat -c %a config) = 700") == 0)
    }

    @Test(arguments: [
        ("01" + String(repeating: "0", count: 62), "small order"),
        ("ec" + String(repeating: "f", count: 60) + "7f", "small order"),
        (String(repeating: "0", count: 64), "small order"),
        ("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "small order"),
        ("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "small order"),
        ("01" + String(repeating: "0", count: 60) + "80", "small order"),
        ("ee" + String(repeating: "f", count: 60) + "7f", "not below 2^255 - 19"),
        (String(repeating: "f", count: 64), "not below 2^255 - 19"),
        ("02" + String(repeating: "0", count: 62), "no point of the curve"),
    ])
    func `a key that no private key stands behind is not trusted, nor counted where it stands`(
        digits: String, fault: String
    ) {
        let eve = project()
        let outcome = bare(eve, "keys trust x \(digits)")
        #expect(outcome.code == 3)
        #expect(outcome.error.contains(fault), "\(outcome.error)")
        eve.write("bitlaw.yaml", "keys: {x: \"\(digits)\"}\ntrust: {signed-by: [x]}\n")
        #expect(bare(eve, "run pipelines/many.yaml -q").code == 2)
    }
}
