import Numerics
import System

/// A colour that is seen on white and on the dark of pages: its contrast to both is above 3.
package struct Ink: Hashable, Sendable {
    /// As `#rrggbb`, or the page's own colour of text.
    package let markup: String

    /// The colour of the page's text.
    static let text = Ink(markup: "currentColor")

    /// Eight colours for series without an order; shapes and dashes repeat the difference.
    private static let palette = [
        "#2a7ad1", "#cf5a00", "#009e73", "#b0479f", "#9a7800", "#d6455d", "#7d5fd0", "#7a7a7a",
    ]
    /// From the small end of an order to the large one, each lighter than the one before.
    private static let stops: [[Double]] = [
        [0x4b, 0x5f, 0xd6], [0x7f, 0x5b, 0xd0], [0xb0, 0x54, 0xb8], [0xcf, 0x55, 0x90],
        [0xdd, 0x60, 0x60], [0xdb, 0x74, 0x33], [0xc4, 0x86, 0x00],
    ]

    /// The colour of one of several series that have no order; no two are the same.
    static func named(_ place: Int) -> Ink {
        if palette.indices.contains(place) { return Ink(markup: palette[place]) }
        // Hues at golden angles, in turn darker and lighter.
        let turn = (Double(place - palette.count) * 0.618_033_988_75 + 0.05)
            .truncatingRemainder(dividingBy: 1)
        return Ink(hue: turn, luminance: [0.16, 0.21, 0.26][place % 3])
    }

    /// A colour of an order, from 0 for the smallest to 1 for the largest.
    static func ordered(_ place: Double) -> Ink {
        let scaled = max(0, min(1, place.isNaN ? 0 : place)) * Double(stops.count - 1)
        let lower = min(stops.count - 2, Int(scaled))
        let t = scaled - Double(lower)
        return Ink(zip(stops[lower], stops[lower + 1]).map { $0 + t * ($1 - $0) })
    }

    private init(markup: String) { self.markup = markup }

    private init(_ levels: [Double]) {
        let digits = Array("0123456789abcdef")
        markup = levels.reduce(into: "#") { text, value in
            let level = max(0, min(255, Int(value.rounded())))
            text.append(digits[level / 16])
            text.append(digits[level % 16])
        }
    }

    /// The colour of a hue that is as light as asked for.
    private init(hue: Double, luminance: Double) {
        let full = [0.0, 2, 1].map { third -> Double in
            let place = (hue * 6 + 2 * third).truncatingRemainder(dividingBy: 6)
            return max(0, min(1, (place - 3).magnitude - 1))
        }
        // Between black, the hue and white, by halving.
        var (low, high) = (0.0, 2.0)
        func levels(_ light: Double) -> [Double] {
            full.map { 255 * (light < 1 ? light * $0 : $0 + (light - 1) * (1 - $0)) }
        }
        for _ in 0..<24 {
            let middle = (low + high) / 2
            if Ink.luminance(levels(middle)) < luminance { low = middle } else { high = middle }
        }
        self.init(levels(low))
    }

    /// The relative luminance of a colour, as WCAG 2.2 defines it.
    private static func luminance(_ levels: [Double]) -> Double {
        zip(levels, [0.2126, 0.7152, 0.0722]).reduce(0) { sum, part in
            let share = part.0 / 255
            let linear =
                share <= 0.03928
                ? share / 12.92 : Elementary.exp(2.4 * Elementary.log((share + 0.055) / 1.055))
            return sum + part.1 * linear
        }
    }
}
