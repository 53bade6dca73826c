import TestSupport
import Testing

extension Project {
    /// What a browser makes of an address; `nil` where there is no browser, which is said.
    func shown(_ address: String) -> String? {
        guard shell("command -v chromium >/dev/null") == 0 else {
            print("skipped: chromium is not installed; no page was driven in a browser")
            return nil
        }
        let code = shell(
            "timeout 60 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage "
                + "--user-data-dir=\"$PWD/.browser\" --dump-dom '\(address)' > dom 2>browser-log")
        #expect(code == 0, "\(read("browser-log"))")
        return read("dom")
    }
}
