/// What a page takes in of a picture.
enum PictureLists {
    static let elements: Set<String> = [
        "svg", "g", "path", "text", "tspan", "circle", "ellipse", "line", "rect", "polyline",
        "polygon", "title", "desc", "defs", "clipPath", "linearGradient", "radialGradient", "stop",
        "marker", "use", "symbol", "pattern", "mask", "style",
    ]

    private static let attributes = Set(
        """
        alignment-baseline aria-hidden aria-label aria-labelledby baseline-shift class clip-path clip-rule \
        clipPathUnits color cx cy d direction display dominant-baseline dx dy fill fill-opacity fill-rule \
        font-family font-size font-style font-variant font-weight fx fy gradientTransform gradientUnits \
        height id lengthAdjust letter-spacing marker-end marker-mid marker-start markerHeight markerUnits \
        markerWidth mask maskUnits offset opacity orient overflow paint-order patternTransform patternUnits \
        points preserveAspectRatio r refX refY role rotate rx ry shape-rendering spreadMethod stop-color \
        stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin \
        stroke-miterlimit stroke-opacity stroke-width style text-anchor text-decoration textLength transform \
        type vector-effect version viewBox visibility width word-spacing x x1 x2 xml:space xmlns xmlns:xlink \
        y y1 y2
        """.split(separator: " ").map(String.init))

    /// Whether an attribute with this value leads nowhere but within the picture.
    static func isHarmless(_ name: Substring, _ value: Substring) -> Bool {
        if name == "href" || name == "xlink:href" {
            return value.first == "#"
                && value.dropFirst().allSatisfy {
                    $0.isASCII && ($0.isLetter || $0.isNumber || "-_.:".contains($0))
                }
        }
        guard attributes.contains(String(name)) else { return false }
        if name == "class" || name == "id" || name.hasPrefix("aria-") { return true }
        let lower = value.lowercased()
        if name != "xmlns", name != "xmlns:xlink",
            ["\\", "&#", "@", "script", "expression"].contains(where: lower.contains)
        {
            return false
        }
        // A reference to a part of the picture itself is all that `url()` may be.
        return lower.ranges(of: "url").allSatisfy { range in
            let rest = lower[range.upperBound...]
            return rest.hasPrefix("(#") || rest.hasPrefix("('#") || rest.hasPrefix("(\"#")
                || rest.hasPrefix("(&quot;#")
        }
    }
}
