/// A rectangle of a picture; y grows downwards.
package struct SceneBox: Sendable, Equatable {
    /// The edges.
    package let left, top, right, bottom: Double

    /// Names the edges.
    package init(left: Double, top: Double, right: Double, bottom: Double) {
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
    }

    /// How wide and how high it is.
    var width: Double { right - left }
    var height: Double { bottom - top }

    /// Whether another lies in it.
    package func holds(_ other: SceneBox) -> Bool {
        other.left >= left && other.right <= right && other.top >= top && other.bottom <= bottom
    }

    /// Whether the two share more than an edge.
    package func overlaps(_ other: SceneBox) -> Bool {
        left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }

    /// Whether a place lies in it or on its edge.
    func contains(_ place: (x: Double, y: Double)) -> Bool {
        place.x >= left && place.x <= right && place.y >= top && place.y <= bottom
    }
}
