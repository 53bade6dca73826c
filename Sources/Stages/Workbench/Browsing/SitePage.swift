import Canon

/// One page of a folder of pages: markup, at most one table that sorts and filters, and our script for it.
package struct SitePage {
    private let title: String
    /// Where the page stands: links from the outermost to its own place.
    private let trail: [(title: String, link: String)]
    private var body = ""
    private var table: SiteTable?
    /// After how many seconds the page looks for a newer one of itself; `nil` for a page that stays.
    private let refresh: Int?

    /// An empty page of plain texts.
    package init(title: String, trail: [(title: String, link: String)] = [], refresh: Int? = nil) {
        self.title = title
        self.trail = trail
        self.refresh = refresh
    }

    /// Adds markup that its writer answers for.
    package mutating func add(_ html: String) { body += html }

    /// A paragraph of plain text.
    package mutating func paragraph(_ text: String) { body += "<p>\(Markup.escape(text))</p>\n" }

    /// A heading of plain text.
    package mutating func heading(_ text: String) { body += "<h2>\(Markup.escape(text))</h2>\n" }

    /// Names with their values as plain text.
    package mutating func facts(_ facts: [(name: String, value: String)]) {
        body += SitePage.list(facts)
    }

    /// Names with their values as markup.
    package static func list(_ facts: [(name: String, value: String)]) -> String {
        "<dl>"
            + facts.map {
                "<dt>\(Markup.escape($0.name))</dt><dd>\(Markup.escape($0.value))</dd>"
            }.joined() + "</dl>\n"
    }

    /// Places the page's table.
    package mutating func add(_ table: SiteTable) {
        self.table = table
        body += """
            <form id="tools"><label>Filter <input id="filter" type="search" \
            placeholder="n &gt;= 1000, loss &lt; 0.1, a word" autocomplete="off"></label>\
            <output id="count"></output></form>
            <div class="scroll" tabindex="0"><table id="table"></table></div>
            <button id="more" hidden>Show more rows</button>
            <noscript><p>The table needs this page's own script; bitlaw table prints the same.</p>\
            </noscript>

            """
    }

    /// A link; the text is plain.
    package static func link(_ text: String, to place: String) -> String {
        "<a href=\"\(Markup.escape(place))\">\(Markup.escape(text))</a>"
    }

    /// The page's bytes.
    package var bytes: [UInt8] {
        var members: [String: JSON] = [:]
        if let table { members["table"] = table.json }
        if let refresh { members["refresh"] = .number(Double(refresh)) }
        let needsScript = !members.isEmpty
        var out = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">\
            <meta http-equiv="Content-Security-Policy" content="\(SitePage.policy)">\
            <meta name="viewport" content="width=device-width, initial-scale=1">\
            <meta name="referrer" content="no-referrer">\
            <title>\(Markup.escape(title))</title><style>\(SitePage.style)</style></head><body>
            <nav>
            """
        out += trail.map { SitePage.link($0.title, to: $0.link) }.joined(separator: " › ")
        out += "</nav><h1>\(Markup.escape(title))</h1>\n\(body)"
        if needsScript {
            // `<` ends no script in JSON that has none.
            let data = JSON.object(members).canonicalText.replacing("<", with: "\\u003c")
            out += "<script type=\"application/json\" id=\"data\">\(data)</script>\n"
            out += "<script>\(SiteScript.text)</script>"
        }
        return Array((out + "</body></html>\n").utf8)
    }

    /// What a browser may do for a page: show it, and run the one script that is ours.
    private static let policy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
        + "form-action 'none'; script-src 'sha256-\(SiteScript.hash)'"

    private static let style = """
        :root{color-scheme:light dark;--fg:#1b1b1b;--bg:#fff;--soft:#f3f3f1;--line:#d7d7d3;\
        --link:#00568a;--dim:#5d5d5a;--bad:#a83c00}
        @media(prefers-color-scheme:dark){:root{--fg:#e9e9e6;--bg:#161617;--soft:#222224;\
        --line:#3b3b3e;--link:#7cc4ef;--dim:#a5a5a1;--bad:#ff9a66}}
        body{margin:0 auto;max-width:80rem;padding:1rem;background:var(--bg);color:var(--fg);\
        font:15px/1.5 system-ui,sans-serif}a{color:var(--link)}h1{font-size:1.5rem;\
        overflow-wrap:anywhere}h2{font-size:1.15rem;margin:1.6rem 0 .4rem}
        nav,.rest,output{color:var(--dim);font-size:.87rem}\
        output{margin-left:.6rem;white-space:nowrap}p,li{overflow-wrap:anywhere}\
        .scroll{overflow-x:auto;max-width:100%;background:\
        linear-gradient(to right,var(--bg) 40%,transparent),\
        linear-gradient(to left,var(--bg) 40%,transparent) 100% 0,\
        linear-gradient(to right,var(--dim),transparent),\
        linear-gradient(to left,var(--dim),transparent) 100% 0;background-repeat:no-repeat;\
        background-size:2rem 100%,2rem 100%,.6rem 100%,.6rem 100%;\
        background-attachment:local,local,scroll,scroll}table{border-collapse:collapse;font-size:.87rem}
        th,td{padding:.2rem .6rem;border-bottom:1px solid var(--line);text-align:left;\
        white-space:nowrap;font-variant-numeric:tabular-nums}td.n,th.n{text-align:right}\
        td a{text-decoration-color:var(--line)}td.failed a{color:inherit}
        th button{font:inherit;font-weight:600;background:none;border:0;padding:0;color:inherit;\
        cursor:pointer}th[aria-sort=ascending] button::after{content:" ↑"}\
        th[aria-sort=descending] button::after{content:" ↓"}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}dt{color:var(--dim)}\
        dd{margin:0;overflow-wrap:anywhere}
        pre{background:var(--soft);padding:.5rem .7rem;overflow-x:auto;font-size:.82rem;margin:.3rem 0}\
        .values{overflow-wrap:anywhere}img,svg.array{max-width:min(100%,40rem);height:auto;display:block;\
        background:var(--bg)}svg.array{width:22rem;border:1px solid var(--line)}
        body>svg{width:100%;max-width:44rem;height:auto}\
        section.action{border-top:2px solid var(--line);margin-top:1.5rem}\
        body:has(section.action:target) section.action:not(:target){display:none}
        figure.metric{display:inline-block;margin:.3rem 1rem .3rem 0;max-width:100%}\
        figcaption{font-size:.87rem}progress{width:min(22rem,100%);accent-color:var(--link)}
        iframe{width:100%;height:min(85vh,60rem);border:1px solid var(--line);background:var(--bg)}
        @media print{form,#more{display:none}.scroll{overflow:visible;background:none}\
        th,td{white-space:normal;overflow-wrap:anywhere;padding:.15rem .3rem}table{font-size:7.5pt}}
        .failed{color:var(--bad)}input{font:inherit;width:min(26rem,90%)}form{margin:.6rem 0}
        """
}
