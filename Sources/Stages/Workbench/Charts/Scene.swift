/// A drawn picture before it is markup: marks, and texts whose places a machine can check.
package struct Scene {
    /// How wide pictures are; text of ``SceneText/usual`` is 11 px high where they are shown 400 px wide.
    package static let usualWidth = 480.0

    /// How wide the picture is.
    package let width: Double
    /// How high it is.
    package var height = 0.0
    /// What stands above it and what a browser shows of it.
    package let title: String
    /// What is drawn, in a sentence.
    package let description: String
    /// All texts.
    package private(set) var texts: [SceneText] = []
    /// Where data are drawn: no text may lie there.
    package private(set) var frames: [SceneBox] = []
    private var marks = ""

    /// An empty picture.
    init(title: String, description: String, width: Double = Scene.usualWidth) {
        self.title = title
        self.description = description
        self.width = width
    }

    /// Adds markup of marks.
    mutating func draw(_ markup: String) { marks += markup }

    /// Adds a text; an empty one is none.
    mutating func write(_ text: SceneText) {
        if !text.text.isEmpty { texts.append(text) }
    }

    /// Adds a frame for data.
    mutating func enclose(_ frame: SceneBox) { frames.append(frame) }

    /// The picture as one SVG element, at most so wide that its text is as large as a page's.
    ///
    /// Text and frames take the colour of the page.
    package func svg() -> String {
        let n = Markup.number
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(n(width)) \(n(height))" \
            font-family="system-ui, sans-serif" font-size="\(n(SceneText.usual))" \
            fill="currentColor" role="img" style="max-width:min(100%,36rem);height:auto">\
            <title>\(Markup.escape(PowerText(title).plain))</title>\
            <desc>\(Markup.escape(PowerText(description).plain))</desc>

            """ + marks + texts.map { $0.svg() }.joined() + "</svg>\n"
    }

    /// What a reader could not read: texts that leave the picture, lie over data or over each other.
    package var faults: [String] {
        let whole = SceneBox(left: 0, top: 0, right: width, bottom: height)
        let boxes = texts.map { $0.box }
        var faults: [String] = []
        for (place, box) in boxes.enumerated() {
            let text = texts[place].text
            if !whole.holds(box) { faults.append("`\(text)` leaves the picture") }
            if frames.contains(where: { $0.overlaps(box) }) {
                faults.append("`\(text)` lies over data")
            }
            for (other, second) in boxes.enumerated().dropFirst(place + 1)
            where box.overlaps(second) {
                faults.append("`\(text)` and `\(texts[other].text)` overlap")
            }
        }
        return faults
    }
}
