import Canon
public import Experiment
import System

/// A self-contained page: no network, no script; readable on a phone, on paper, light and dark.
///
/// Every number can name the outputs that it came from; the page ends with the list of them.
///
/// ```swift
/// let walks = context.input("walks")
/// let facts = try JSON(parsing: walks.bytes())
/// var page = ReportPage(title: "Walks", subtitle: "on a square lattice")
/// page.heading("Distance")
/// let distance = page.number(Told.number(facts["distance"]?.double), from: [walks])
/// page.paragraph("After all steps the walk is \(distance) m away.")
/// try context.write("report", page.html())
/// ```
public struct ReportPage: Sendable {
    private let title: String
    private let subtitle: String
    private var body = ""
    private var origins: [[String]: Int] = [:]
    private var entries: [(text: String, inputs: [StageInput])] = []
    /// Rules of style that this page adds.
    private let extraStyle: String

    /// An empty page; the subtitle is markup, the title is not.
    public init(title: String, subtitle: String, style: String = "") {
        self.title = title
        self.subtitle = subtitle
        extraStyle = style
    }

    /// A heading of plain text.
    public mutating func heading(_ text: String) { body += "<h2>\(Markup.escape(text))</h2>\n" }

    /// A paragraph; the text may hold markup made by ``number(_:from:)`` and ``ours``.
    public mutating func paragraph(_ html: String) { body += "<p>\(html)</p>\n" }

    /// The mark of what the work does not state.
    public static let ours = "<span class=\"ours\">our choice</span>"

    /// A number that links to where it came from.
    public mutating func number(_ text: String, from inputs: [StageInput]) -> String {
        link(Markup.setValue(text), from: inputs)
    }

    /// The number of where something came from, in brackets, that links there.
    package mutating func mark(from inputs: [StageInput]) -> String {
        "<a class=\"n\" href=\"#from-\(origin(inputs))\">[\(origin(inputs))]</a>"
    }

    /// Markup that links to where it came from.
    package mutating func link(_ html: String, from inputs: [StageInput]) -> String {
        "<a class=\"n\" href=\"#from-\(origin(inputs))\">\(html)</a>"
    }

    /// The number of an entry of the list of origins.
    private mutating func origin(_ inputs: [StageInput]) -> Int {
        let key = inputs.map { $0.digest.hex }
        if let known = origins[key] { return known }
        entries.append((inputs.map { $0.producer }.joined(separator: ", "), inputs))
        origins[key] = entries.count
        return entries.count
    }

    /// Adds markup that its writer answers for.
    mutating func add(_ html: String) { body += html }

    /// Figures side by side where there is room.
    public mutating func figures(_ figures: [(svg: String, caption: String)]) {
        body += "<div class=\"figures\">\n"
        for figure in figures {
            let picture = CleanPicture(figure.svg)
            body +=
                "<figure>\(picture.svg)<figcaption>\(figure.caption)\(picture.remark)"
                + "</figcaption></figure>\n"
        }
        body += "</div>\n"
    }

    /// Pictures of earlier stages, each named by the action that drew it; nothing where there are none.
    public mutating func pictures(_ inputs: [StageInput], heading: String) throws {
        if inputs.isEmpty { return }
        self.heading(heading)
        figures(try inputs.map { try picture($0) })
    }

    /// A picture of an earlier stage with its action for a caption.
    public mutating func picture(_ input: StageInput) throws -> (svg: String, caption: String) {
        (
            svg: String(decoding: try input.bytes(), as: UTF8.self),
            caption: number(input.producer, from: [input])
        )
    }

    /// A table whose cells are markup; the first column is a header.
    ///
    /// - Parameters:
    ///   - header: what stands over each column.
    ///   - rows: the cells.
    ///   - className: a class for the page's own style; `cards` makes one block of each row on a phone.
    ///   - group: what stands over the last columns together.
    public mutating func table(
        _ header: [String], _ rows: [[String]], className: String? = nil,
        group: (title: String, count: Int)? = nil
    ) {
        let attribute = className.map { " class=\"\($0)\"" } ?? ""
        body += "<div class=\"scroll\" tabindex=\"0\"><table\(attribute)><thead>"
        if let group {
            body += "<tr>" + String(repeating: "<th></th>", count: header.count - group.count)
            body += "<th colspan=\"\(group.count)\" scope=\"colgroup\">\(group.title)</th></tr><tr>"
        } else {
            body += "<tr>"
        }
        for cell in header { body += "<th scope=\"col\">\(cell)</th>" }
        body += "</tr></thead><tbody>\n"
        for row in rows {
            body += "<tr>"
            for (place, cell) in row.enumerated() {
                let label = className == "cards" ? " data-label=\"\(header[place])\"" : ""
                body += place == 0 ? "<th scope=\"row\">\(cell)</th>" : "<td\(label)>\(cell)</td>"
            }
            body += "</tr>\n"
        }
        body += "</tbody></table></div>\n"
    }

    /// A claim with its verdict.
    public mutating func claim(_ number: Int, _ claim: TestedClaim) {
        body += """
            <section class="claim \(claim.verdict.rawValue)">\
            <h3>\(number). \(Markup.set(claim.statement)) \
            <span class="verdict">\(claim.verdict.text)</span></h3>\
            <p class="test">Test: \(Markup.set(claim.test))</p>\
            <p>\(claim.evidence)</p></section>\n
            """
    }

    /// The page.
    public func html() -> String {
        var out = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">\
            <meta http-equiv="Content-Security-Policy" content="\(ReportPage.policy)">\
            <meta name="viewport" content="width=device-width, initial-scale=1">\
            <title>\(Markup.escape(title))</title>\
            <style>\(ReportPage.style)\(extraStyle)</style></head><body>
            <header><h1>\(Markup.escape(title))</h1>\
            <p class="subtitle">\(subtitle)</p></header>
            <main>

            """
        out += body
        out += """
            <h2 id="origins">Where the numbers come from</h2>\
            <p>Each number above links here: the actions and the SHA-256 of the outputs that it \
            was read from. <code>bitlaw show FILE ACTION</code> tells the rest.</p>
            <ol class="origins">

            """
        for (place, entry) in entries.enumerated() {
            out += "<li id=\"from-\(place + 1)\">"
            for input in entry.inputs {
                out += "<div><code>\(Markup.escape(input.producer))</code> "
                out += "<code class=\"digest\">\(input.digest.hex)</code></div>"
            }
            out += "</li>\n"
        }
        return out + "</ol></main></body></html>\n"
    }

    /// What a browser may do for the page: show it.
    private static let policy =
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
        + "form-action 'none'"

    private static let style = """
        :root{color-scheme:light dark;--fg:#1b1b1b;--bg:#fff;--soft:#f3f3f1;--line:#d7d7d3;\
        --link:#00568a;--good:#00664b;--bad:#a83c00;--dim:#5d5d5a}
        @media(prefers-color-scheme:dark){:root{--fg:#e9e9e6;--bg:#161617;--soft:#222224;\
        --line:#3b3b3e;--link:#7cc4ef;--good:#5fd3ae;--bad:#ff9a66;--dim:#a5a5a1}}
        *{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);\
        font:17px/1.55 Georgia,"Noto Serif",serif}
        header,main{max-width:60rem;margin:0 auto;padding:0 1.1rem}header{padding-top:2.2rem}\
        h1{font-size:2rem;line-height:1.2;margin:0}
        .subtitle{color:var(--dim);margin:.4rem 0 1.4rem}\
        h1,h2,h3,table,figcaption,.ours,.verdict,.test{font-family:system-ui,sans-serif}
        h2{margin:2.4rem 0 .6rem;font-size:1.35rem;border-top:1px solid var(--line);\
        padding-top:1.2rem}p{max-width:44rem}
        a{color:var(--link)}a.n{color:inherit;text-decoration:none;\
        border-bottom:1px dotted var(--link);font-variant-numeric:tabular-nums}
        .ours{font-size:.72em;border:1px solid var(--line);border-radius:.6em;padding:.05em .5em;\
        color:var(--dim);white-space:nowrap}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,19rem),1fr));\
        gap:1.2rem;margin:1rem 0}
        figure{margin:0}figure svg{width:100%;height:auto;display:block}\
        figcaption{font-size:.82rem;color:var(--dim);margin-top:.35rem}
        .scroll{overflow-x:auto;margin:1rem 0;background:\
        linear-gradient(to right,var(--bg) 40%,transparent),\
        linear-gradient(to left,var(--bg) 40%,transparent) 100% 0,\
        linear-gradient(to right,var(--dim),transparent),\
        linear-gradient(to left,var(--dim),transparent) 100% 0;background-repeat:no-repeat;\
        background-size:2rem 100%,2rem 100%,.6rem 100%,.6rem 100%;\
        background-attachment:local,local,scroll,scroll}
        th:empty{border:0!important}th[colspan]{text-align:center;border-bottom:1px solid var(--line)}\
        .caption{font:600 .9rem system-ui,sans-serif;margin:1.4rem 0 -.6rem}\
        .checklist{font-size:.84rem;color:var(--dim)}\
        hr{border:0;border-top:1px solid var(--line)}\
        blockquote{margin:1rem 0;padding:0 1rem;border-left:3px solid var(--line)}\
        sup,sub{line-height:0}p,li,summary{overflow-wrap:anywhere}\
        td .digest{font-size:.78em;white-space:normal;word-break:break-all;display:inline-block;\
        min-width:17rem}\
        details.checklist summary{cursor:pointer}\
        pre{overflow-x:auto;background:var(--soft);padding:.6rem .8rem}code{font-size:.88em}\
        ul,ol{max-width:44rem}h4,h5,h6{font-family:system-ui,sans-serif;margin:1.2rem 0 .3rem}
        .cards th,.cards td{white-space:normal;text-align:left;vertical-align:top}
        @media screen and (max-width:48rem){.cards thead{display:none}\
        .cards tr,.cards th,.cards td{display:block;border:0;padding:.1rem 0}\
        .cards tr{padding:.7rem 0;border-bottom:1px solid var(--line)}\
        .cards td:empty{display:none}\
        .cards td::before{content:attr(data-label) ": ";color:var(--dim)}}
        table{border-collapse:collapse;font-size:.86rem;width:100%}th,td{padding:.32rem .55rem;\
        border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
        th[scope=row],thead th:first-child{text-align:left}\
        thead th{border-bottom:2px solid var(--line);white-space:normal;vertical-align:bottom}
        .claims th,.claims td{white-space:normal;text-align:left;vertical-align:top}\
        .claims td:nth-child(2){min-width:10rem}.claims td:nth-child(3){min-width:6rem}\
        .claims td:nth-child(4){min-width:9rem}.claims td:nth-child(5){min-width:11rem}
        @media screen and (max-width:48rem){.claims thead{display:none}\
        .claims tr,.claims td{display:block}\
        .claims tr{padding:.7rem 0;border-bottom:1px solid var(--line)}\
        .claims th{float:left;padding:.15rem .6rem .15rem 0;border:0}\
        .claims td{padding:.15rem 0;border:0}
        .claims td:nth-child(2){font-weight:600}\
        .claims td:nth-child(n+3):nth-child(-n+5)::before{color:var(--dim);font-size:.9em}\
        .claims td:nth-child(3)::before{content:"basis: "}\
        .claims td:nth-child(4)::before{content:"expected: "}\
        .claims td:nth-child(5)::before{content:"measured: "}}
        .claim{border-left:4px solid var(--dim);background:var(--soft);padding:.5rem 1rem;\
        margin:.8rem 0;break-inside:avoid}
        .claim h3{font-size:1rem;margin:.2rem 0}.claim p{margin:.3rem 0;font-size:.93rem}\
        .test{color:var(--dim);font-size:.84rem!important}
        .held{border-color:var(--good)}.held .verdict{color:var(--good)}\
        .failed{border-color:var(--bad)}.failed .verdict{color:var(--bad)}\
        td .verdict{margin-left:0}
        .verdict{font-size:.8em;font-weight:700;white-space:nowrap;border:1px solid currentColor;\
        border-radius:1em;padding:.05em .6em;margin-left:.4em}\
        .origins{font-size:.74rem;line-height:1.35}.origins code{word-break:break-all}\
        .digest{color:var(--dim)}
        .origins li:target{background:var(--soft);outline:2px solid var(--link)}
        @media print{body{font-size:10.5pt;background:#fff;color:#000}\
        figcaption{font-size:8pt}.claim p{font-size:9pt}.test{font-size:8.5pt!important}\
        .figures{grid-template-columns:repeat(2,1fr)}figure:only-child{grid-column:1/-1}\
        figure svg{max-height:21cm}\
        a.n{border:0}figure,tr{break-inside:avoid}thead{display:table-header-group}\
        header,h2,h3,.caption{break-after:avoid}\
        .scroll{overflow:visible}table{font-size:7pt}th,td{padding:.15rem .3rem}\
        .origins{font-size:6pt;columns:2}\
        .scroll{background:none}th,td{white-space:normal}}
        """
}
