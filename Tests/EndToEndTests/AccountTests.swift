import Glibc
import TestSupport
import Testing

/// Two accounts of one machine: what another account wrote decides nothing for us, and is not touched by us.
@Suite(.serialized) struct AccountTests {
    /// Runs a shell script as another account, in a folder that it can reach.
    private func asOther(_ project: Project, _ script: String) -> CInt {
        project.write(
            "other.sh",
            "export HOME=\"$PWD/other\" BITLAW_CONFIG=\"$PWD/other\" BITLAW_ACCOUNT_SECRET=\n"
                + script)
        return project.shell(
            "mkdir -p other; chown 65534 other; setpriv --reuid 65534 --regid 65534 "
                + "--clear-groups sh other.sh > other.out 2>&1")
    }

    /// Whether there is a second account to be.
    private var hasOther: Bool {
        isRoot(else: "files of another account were not tried")
            && isInstalled("setpriv", package: "util-linux", else: "another account was not tried")
    }

    /// A folder that everybody may write to, as `/tmp` is.
    private func shared() -> Project {
        let shared = Project()
        shared.shell("chmod 1777 .; mkdir mine; chmod 755 mine")
        shared.write(
            "mine/e.yaml", "experiment: e\nseed: 1\nstages: {m: {kind: spiral.manifold}}\n")
        return shared
    }

    @Test func `another account's bitlaw.yaml above mine chooses no store and no remote`() {
        guard hasOther else { return }
        let shared = shared()
        #expect(
            asOther(
                shared,
                "mkdir -m 777 theirs; printf 'store: theirs/store\\nremotes: {x: {path: theirs}}\\n' > bitlaw.yaml"
            )
                == 0)
        let run = shared.bitlaw("run e.yaml -q -C mine")
        #expect(run.code == 0)
        #expect(run.error.isEmpty, "\(run.error)")
        #expect(shared.shell("test -d mine/.cache -a ! -e theirs/store -a ! -e .cache") == 0)
        #expect(shared.bitlaw("doctor -C mine").output.contains("theirs") == false)
        // With a word it does.
        #expect(
            shared.bitlaw("trust --yes").output.contains("follow bitlaw.yaml, which belongs to"))
        #expect(shared.bitlaw("run e.yaml -q -C mine").code == 0)
        #expect(shared.shell("test -d theirs/store/cas") == 0)
    }

    @Test func `programs of another account's folder wait for a word, which says whose it is`() {
        guard hasOther else { return }
        let shared = Project()
        shared.shell("chmod 1777 .")
        #expect(
            asOther(
                shared,
                "mkdir theirs; echo 'experiment: e\nseed: 1\nstages: {a: {kind: command, "
                    + "params: {run: [touch, '\"'\"'\(shared.path)/PWNED'\"'\"']}}}' > theirs/e.yaml"
            ) == 0)
        shared.write("unable/bwrap", "#!/bin/sh\nexit 1\n")
        shared.shell("chmod +x unable/bwrap")
        let config = "BITLAW_CONFIG='\(shared.path)/own' PATH='\(shared.path)/unable':\"$PATH\""
        let run = shared.bitlaw("run theirs/e.yaml --store s", environment: config)
        #expect(run.code == 2)
        #expect(run.error.contains("bitlaw trust '\(shared.path)/theirs'"), "\(run.error)")
        #expect(shared.shell("test -e PWNED") != 0)
        let trusted = shared.bitlaw("trust theirs --yes", environment: config)
        #expect(trusted.error.contains("it belongs to account 65534"), "\(trusted.error)")
        #expect(
            trusted.output.contains("  - follow the folder itself, which belongs to account 65534"))
        #expect(shared.bitlaw("run theirs/e.yaml --store s", environment: config).code == 0)
        #expect(shared.shell("test -e PWNED && rm PWNED && chown 65533 theirs") == 0)
        // A folder that became somebody else's is another one.
        #expect(
            shared.bitlaw("run theirs/e.yaml --force --store s", environment: config).code == 2)
        #expect(shared.shell("test -e PWNED") != 0)
    }

    @Test func `a store of another account is read, and nothing of theirs is changed`() {
        guard hasOther else { return }
        let shared = shared()
        #expect(
            asOther(
                shared,
                "mkdir theirs; cp mine/e.yaml theirs; cd theirs; '\(Project.command)' run e.yaml -q"
            ) == 0,
            "\(shared.read("other.out"))")
        shared.shell("find theirs -printf '%p %U %m %T@\\n' | sort > before")
        let also = shared.bitlaw("run e.yaml -C mine --also ../theirs/.cache")
        #expect(also.output.hasPrefix("0 ran, 1 cached in "), "\(also.error)")
        for command in [
            "pull e.yaml -C mine --from ../theirs/.cache --store new", "doctor -C mine",
        ] {
            let outcome = shared.bitlaw(command)
            #expect(outcome.code == 0, "\(command): \(outcome.error)")
        }
        #expect(
            shared.shell("find theirs -printf '%p %U %m %T@\\n' | sort | diff - before") == 0)
    }

    @Test func `in a store for a group each account's files stay its own`() {
        guard hasOther else { return }
        let shared = shared()
        shared.shell(
            "mkdir -m 2775 group; chgrp 65534 group; mkdir theirs; chown 65534 theirs; cp mine/e.yaml theirs"
        )
        #expect(
            asOther(shared, "cd theirs; '\(Project.command)' run e.yaml -q --store ../group") == 0,
            "\(shared.read("other.out"))")
        shared.shell(
            "find group/cas group/actions -type f -printf '%p %U %m\\n' | sort > before; test -s before"
        )
        shared.write(
            "mine/e.yaml",
            "experiment: e\nseed: 1\nstages:\n  m: {kind: spiral.manifold}\n"
                + "  n: {kind: spiral.manifold, params: {turns: 3}}\n")
        let run = shared.bitlaw("run e.yaml -C mine --store ../group")
        #expect(run.output.hasPrefix("1 ran, 1 cached in "), "\(run.error)")
        #expect(shared.bitlaw("verify -C mine --store ../group").code == 0)
        // A run of theirs still names what they made.
        #expect(shared.bitlaw("gc -C mine --store ../group").code == 0)
        #expect(
            shared.shell(
                "find group/cas group/actions -type f -printf '%p %U %m\\n' | sort > after; "
                    + "test -z \"$(comm -23 before after)\"") == 0)
        // What I made can be read and used by them, whatever my umask.
        #expect(
            asOther(
                shared,
                "cp mine/e.yaml theirs/f.yaml; cd theirs; '\(Project.command)' run f.yaml --store ../group"
            ) == 0,
            "\(shared.read("other.out"))")
        #expect(
            shared.read("other.out").hasPrefix("0 ran, 2 cached in "), "\(shared.read("other.out"))"
        )
    }

    @Test func `a hard link that another account put into a shared store changes no file of mine`()
    {
        guard hasOther else { return }
        let shared = shared()
        shared.shell("mkdir -m 2777 group; echo precious > precious; chmod 666 precious")
        #expect(shared.bitlaw("run e.yaml -q -C mine --store ../group").code == 0)
        shared.shell("chmod -R go+rwX group; stat -c '%a %s' precious > before")
        // Where the system lets them (protected_hardlinks may not), they link my file into the store.
        _ = asOther(
            shared,
            "for f in index format tmp/x cas/aa actions/aa locks/l; do rm -f group/$f; ln precious group/$f; done"
        )
        for command in [
            "run e.yaml -C mine --store ../group", "verify -C mine --store ../group",
            "gc -C mine --store ../group", "run e.yaml --force -C mine --store ../group",
        ] {
            _ = shared.bitlaw(command, environment: "timeout 60")
        }
        #expect(shared.read("precious") == "precious\n")
    }
}
