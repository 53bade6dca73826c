import Testing
import Workbench

/// What somebody's picture tries, once a page takes it in.
@Suite struct CleanPictureTests {
    private static let head = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\""

    @Test(arguments: [
        ("<script>alert(3)</script>", "<script>"),
        ("<SCRIPT>alert(3)</SCRIPT>", "<SCRIPT>"),
        ("<a href=\"javascript:alert(4)\"><text>x</text></a>", "<a>"),
        ("<foreignObject><iframe src=\"http://evil\"></iframe></foreignObject>", "<foreignObject>"),
        ("<image href=\"http://evil/x.png\"/>", "<image>"),
        ("<rect onload=\"alert(1)\" width=\"3\"/>", "onload"),
        ("<rect onLoad='alert(1)'/>", "onLoad"),
        ("<use href=\"http://evil/x.svg#a\"/>", "href"),
        ("<use xlink:href=\"data:image/svg+xml;base64,AAAA\"/>", "xlink:href"),
        ("<use href=\"java&#115;cript:alert(1)\"/>", "href"),
        ("<style>@import 'http://evil/x.css';</style>", "a style that loads"),
        ("<style>rect{fill:url(http://evil/x)}</style>", "a style that loads"),
        ("<style>rect{fill:\\75rl(http://evil/x)}</style>", "a style that loads"),
        ("<rect style=\"fill:url(http://evil/x)\"/>", "style"),
        ("<rect fill=\"u&#114;l(http://evil/x)\"/>", "fill"),
        ("<title><img src=\"x\"></img></title>", "<img>"),
        ("<animate attributeName=\"href\" to=\"javascript:alert(1)\"/>", "<animate>"),
        ("<set attributeName=\"onload\" to=\"alert(1)\"/>", "<set>"),
    ])
    func `what runs, loads or leads elsewhere is left out and told`(evil: String, told: String) {
        let picture = CleanPicture("\(Self.head)>\(evil)<circle r=\"2\"/></svg>")
        #expect(picture.leftOut == [told])
        #expect(picture.svg.hasSuffix("<circle r=\"2\"/></svg>"), "\(picture.svg)")
        for word in ["alert", "evil", "javascript", "data:", "import"] {
            #expect(!picture.svg.contains(word), "\(picture.svg)")
        }
        #expect(picture.remark.contains("Left out, for a page runs and loads nothing"))
        #expect(!picture.remark.contains("<script"))
    }

    @Test(arguments: [
        "", "hello", "<p>x</p>", "<svg><g></svg>", "<svg></svg><script>alert(1)</script>",
        "<svg><g a=b></g></svg>", "<svg><g a></g></svg>", "<svg", "<svg><!-- ", "<svg><", "</svg>",
        "<svg><g x=\"<script>\"></g></svg>", "<svg><![CDATA[x]]></svg>",
        "<!DOCTYPE svg [<!ENTITY x 'y'>]><svg></svg>", "<svg></svg>text", "<svg><?x</svg>",
    ])
    func `what browsers would have to guess is left out whole`(text: String) {
        let picture = CleanPicture(text)
        #expect(picture.svg.isEmpty)
        #expect(picture.leftOut.count == 1 && picture.leftOut[0].hasPrefix("the picture: "))
    }

    @Test func `a picture as plotting programs write it stays, without its prologue`() {
        let body = """
            <svg xmlns:xlink="http://www.w3.org/1999/xlink" width="460.8pt" viewBox="0 0 460 345" \
            xmlns="http://www.w3.org/2000/svg" version="1.1"><defs><style type="text/css">\
            *{stroke-linejoin: round; stroke-linecap: butt}</style></defs><g id="figure_1">\
            <path d="M 0 345 L 460 0 z" style="fill: #ffffff"/><clipPath id="p1"><rect x="5" y='4'/>\
            </clipPath><g clip-path="url(#p1)"><use xlink:href="#m2" x="1" style="stroke: #000"/></g>\
            <text x="1">a &lt; b</text></g></svg>
            """
        let picture = CleanPicture(
            "<?xml version=\"1.0\"?>\n<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" "
                + "\"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n<!-- made -->" + body
                + "\n")
        #expect(picture.svg == body)
        #expect(picture.leftOut.isEmpty)
        #expect(picture.remark.isEmpty)
    }

    @Test func `a page says to the browser that nothing of it may run or load`() {
        let page = ReportPage(title: "t", subtitle: "").html()
        #expect(
            page.contains(
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                    + "style-src 'unsafe-inline'; img-src data:;"))
        var evil = ReportPage(title: "t", subtitle: "")
        evil.figures([("<svg onload='alert(2)'><script>alert(3)</script></svg>", "x")])
        #expect(!evil.html().contains("alert"))
        #expect(evil.html().contains("onload, &lt;script&gt;."))
    }
}
