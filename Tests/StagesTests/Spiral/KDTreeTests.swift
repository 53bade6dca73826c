import Numerics
import Spiral
import TestSupport
import Testing

@Suite struct KDTreeTests {
    private func search(_ points: [Double], _ query: [Double], _ k: Int) -> [Int] {
        let count = points.count / 2
        let distances = (0..<count).map { index in
            let (x, y) = (query[0] - points[2 * index], query[1] - points[2 * index + 1])
            return x * x + y * y
        }
        return Array(
            (0..<count).sorted { (distances[$0], $0) < (distances[$1], $1) }.prefix(k))
    }

    @Test(arguments: [1, 5, 17])
    func `the nearest are those of a full search, ties by index`(k: Int) {
        var stream = RandomStream(seed: 2, purpose: "points")
        for isGrid in [false, true] {
            // On a grid most distances are tied and many points coincide.
            let points = (0..<2000).map { _ in
                isGrid ? Double(stream.integer(below: 9)) : stream.uniform()
            }
            let tree = KDTree(points: points, dimension: 2)
            for _ in 0..<trials(200) {
                let query = [stream.uniform(in: 0..<9), stream.uniform(in: 0..<9)].map {
                    isGrid ? ($0 * 2).rounded() / 2 : $0 / 9
                }
                #expect(tree.nearest(query, k: k).map { $0.index } == search(points, query, k))
            }
        }
    }

    @Test func `with fewer points than asked for, all are found`() {
        let tree = KDTree(points: [0, 0, 1, 1], dimension: 2)
        #expect(tree.nearest([0.9, 0.9], k: 5).map { $0.index } == [1, 0])
    }
}
