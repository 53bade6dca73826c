import Glibc
import Numerics
import TestSupport
import Testing

@Suite struct LinearAlgebraTests {
    private func matrix(_ rows: Int, _ columns: Int, seed: UInt64) -> [Double] {
        var stream = RandomStream(seed: seed, purpose: "matrix")
        return (0..<(rows * columns)).map { _ in stream.normal() }
    }

    private func symmetric(_ n: Int) -> [Double] {
        let a = matrix(n, n, seed: UInt64(n))
        return (0..<(n * n)).map { a[$0] + a[($0 % n) * n + $0 / n] }
    }

    /// Eigenvalues by LAPACK, an independent reference; `nil` where the library is missing.
    ///
    /// The runtime opens the library for every test of the process: whoever opens it first decides its
    /// kernel family for all.
    private func valuesOfLAPACK(_ a: [Double], _ n: Int) throws -> [Double]? {
        guard let blas = try? Arithmetic.withBLAS() else {
            skip("no LAPACK to compare with")
            return nil
        }
        return try EigenDecomposition(a, order: n, arithmetic: blas).values
    }

    @Test(arguments: [0, 1, 2, 3, 7, 32, 65, 150])
    func `eigenvalues are LAPACK's and vectors are orthonormal and fit`(n: Int) throws {
        let a = symmetric(n)
        let found = try EigenDecomposition(a, order: n, arithmetic: try Arithmetic.portable())
        let most = found.values.reduce(1) { max($0, $1.magnitude) }
        let bound = 4e-15 * most * Double(n).squareRoot() + 1e-300
        if n > 0, let expected = try valuesOfLAPACK(a, n) {
            for (value, other) in zip(found.values, expected) {
                #expect((value - other).magnitude <= bound)
            }
        }
        let v = found.vectors
        for i in 0..<n {
            for j in 0...i {
                let dot = (0..<n).reduce(0.0) { $0 + v[i * n + $1] * v[j * n + $1] }
                #expect((dot - (i == j ? 1 : 0)).magnitude < 1e-13)
            }
            for row in 0..<n {
                let image = (0..<n).reduce(0.0) { $0 + a[row * n + $1] * v[i * n + $1] }
                #expect((image - found.values[i] * v[i * n + row]).magnitude <= 10 * bound)
            }
        }
    }

    /// The second difference's eigenvalues are 2 − 2 cos(kπ/(n + 1)); a scaled identity's are equal.
    @Test func `known spectra come out`() throws {
        let n = 40
        let arithmetic = try Arithmetic.portable()
        var a = [Double](repeating: 0, count: n * n)
        for place in 0..<n {
            a[place * n + place] = 2
            if place > 0 { (a[place * n + place - 1], a[(place - 1) * n + place]) = (-1, -1) }
        }
        let found = try EigenDecomposition(a, order: n, arithmetic: arithmetic)
        for k in 1...n {
            let expected = 2 - 2 * cos(Double(k) * Double.pi / Double(n + 1))
            #expect((found.values[k - 1] - expected).magnitude < 1e-14)
        }
        let large = try EigenDecomposition(
            a.map { $0 * 0x1p1000 }, order: n, arithmetic: arithmetic)
        #expect(large.values == found.values.map { $0 * 0x1p1000 })
        let identity = (0..<9).map { $0 % 4 == 0 ? 3.0 : 0 }
        #expect(
            try EigenDecomposition(identity, order: 3, arithmetic: arithmetic).values == [3, 3, 3])
        #expect(throws: NumericsError.self) {
            try EigenDecomposition([1, 2, 3, 4], order: 2, arithmetic: arithmetic)
        }
    }

    @Test(arguments: [0, 1, 2, 5, 47, 48, 49, 130])
    func `Cholesky's factor is its chain, element by element`(n: Int) throws {
        let b = matrix(n, n, seed: 5)
        var a = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            for j in 0..<n {
                a[i * n + j] = (0..<n).reduce(i == j ? 0.1 : 0) {
                    $0 + b[i * n + $1] * b[j * n + $1]
                }
            }
        }
        let factor = try Cholesky(a, order: n, arithmetic: try Arithmetic.portable())
        var lower = [Double](repeating: 0, count: n * n)
        for j in 0..<n {
            for i in j..<n {
                var chain = a[i * n + j]
                for p in 0..<j { chain.addProduct(-lower[i * n + p], lower[j * n + p]) }
                lower[i * n + j] = i == j ? chain.squareRoot() : chain / lower[j * n + j]
            }
        }
        #expect(isSame(factor.lower.elements, lower))
        let wanted = matrix(n, 1, seed: 6)
        let right = (0..<n).map { i in (0..<n).reduce(0.0) { $0 + a[i * n + $1] * wanted[$1] } }
        for (x, y) in zip(factor.solve(right), wanted) { #expect((x - y).magnitude < 1e-7) }
    }

    @Test func `a matrix that is not positive definite is refused at its pivot`() throws {
        let error = #expect(throws: NumericsError.self) {
            try Cholesky([1, 2, 2, 1], order: 2, arithmetic: try Arithmetic.portable())
        }
        #expect(error?.description.hasPrefix("Cholesky: pivot 1 of 2 is -3.0") == true)
    }

    @Test(arguments: [(1, 1), (3, 2), (40, 7), (100, 60), (33, 33)])
    func `least squares leaves a residual that is orthogonal to every column`(
        m: Int, n: Int
    ) throws {
        let (a, b) = (matrix(m, n, seed: 7), matrix(m, 1, seed: 8))
        let found = try LeastSquares(
            a, rows: m, columns: n, b, arithmetic: try Arithmetic.portable())
        let rest = (0..<m).map { row in
            (0..<n).reduce(b[row]) { $0 - a[row * n + $1] * found.solution[$1] }
        }
        for column in 0..<n {
            #expect((0..<m).reduce(0.0) { $0 + rest[$1] * a[$1 * n + column] }.magnitude < 1e-11)
        }
        let length = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect((length - found.residual).magnitude < 1e-12)
    }

    @Test func `dependent columns are refused`() throws {
        #expect(throws: NumericsError.self) {
            try LeastSquares(
                [1, 2, 2, 4, 3, 6], rows: 3, columns: 2, [1, 2, 3],
                arithmetic: try Arithmetic.portable())
        }
    }

    @Test func `every instruction set gives the same decompositions`() throws {
        let (a, n) = (symmetric(70), 70)
        var found: [[Double]] = []
        for kernels in Kernels.available {
            let arithmetic = Arithmetic(portable: kernels)
            let eigen = try EigenDecomposition(a, order: n, arithmetic: arithmetic)
            let squares = try LeastSquares(
                matrix(90, 20, seed: 1), rows: 90, columns: 20, matrix(90, 1, seed: 2),
                arithmetic: arithmetic)
            found.append(eigen.values + eigen.vectors.elements + squares.solution)
        }
        #expect(found.allSatisfy { isSame($0, found[0]) })
    }

    @Test func `the blas profile takes LAPACK, whose decompositions agree to rounding`() throws {
        let blas: Arithmetic
        do { blas = try Arithmetic.withBLAS() } catch {
            skip("\(error)")
            return
        }
        let portable = try Arithmetic.portable()
        let n = 60
        let a = symmetric(n)
        let eigen = try EigenDecomposition(a, order: n, arithmetic: blas)
        let values = try EigenDecomposition(a, order: n, arithmetic: portable).values
        #expect(eigen.values != values)  // other sums, so the library was asked
        for (x, y) in zip(eigen.values, values) { #expect((x - y).magnitude < 1e-12) }
        for i in 0..<n {
            for row in 0..<n {
                let v = eigen.vectors
                let image = (0..<n).reduce(0.0) { $0 + a[row * n + $1] * v[i * n + $1] }
                #expect((image - eigen.values[i] * v[i * n + row]).magnitude < 1e-11)
            }
        }
        let square = (0..<(n * n)).map { place in
            (0..<n).reduce(place % (n + 1) == 0 ? 1.0 : 0) {
                $0 + a[place / n * n + $1] * a[place % n * n + $1]
            }
        }
        let factor = try Cholesky(square, order: n, arithmetic: blas).lower
        let other = try Cholesky(square, order: n, arithmetic: portable).lower
        for place in 0..<(n * n) { #expect((factor[place] - other[place]).magnitude < 1e-10) }
        let (points, b) = (matrix(90, 20, seed: 1), matrix(90, 1, seed: 2))
        let squares = try LeastSquares(points, rows: 90, columns: 20, b, arithmetic: blas)
        let same = try LeastSquares(points, rows: 90, columns: 20, b, arithmetic: portable)
        for (x, y) in zip(squares.solution, same.solution) { #expect((x - y).magnitude < 1e-13) }
        #expect((squares.residual - same.residual).magnitude < 1e-13)
        let pivot = #expect(throws: NumericsError.self) {
            try Cholesky([1, 2, 2, 1], order: 2, arithmetic: blas)
        }
        #expect(pivot?.description.hasPrefix("Cholesky: pivot 1 of 2 is not positive") == true)
        let dependent = #expect(throws: NumericsError.self) {
            try LeastSquares(
                [1, 2, 2, 4, 3, 6], rows: 3, columns: 2, [1, 2, 3], arithmetic: blas)
        }
        #expect(dependent?.description.hasPrefix("least squares: column 1 of 2 depends") == true)
    }

    @Test func `the library has the pinned kernel family, whatever is asked of it first`() async {
        guard (try? Arithmetic.withBLAS()) != nil else {
            print("SKIPPED: no OpenBLAS, so its pinning was not tried")
            return
        }
        // In a process of its own: here the library is open already.
        await #expect(processExitsWith: .exitCode(42)) {
            unsafe setenv("OPENBLAS_CORETYPE", "Nehalem", 1)
            let first = try EigenDecomposition(
                [2, 1, 1, 2], order: 2, arithmetic: try Arithmetic.withBLAS())
            let isPinned = try BLASRuntime.shared().kernel == BLASRuntime.defaultKernel
            exit(isPinned && first.values.count == 2 ? 42 : 1)
        }
    }

    @Test func `a library that another opened before, unpinned, is refused with the cause`() async {
        guard (try? Arithmetic.withBLAS()) != nil else {
            print("SKIPPED: no OpenBLAS, so its pinning was not tried")
            return
        }
        await #expect(processExitsWith: .exitCode(42)) {
            unsafe setenv("OPENBLAS_CORETYPE", "Nehalem", 1)
            guard unsafe dlopen("libopenblas.so.0", RTLD_NOW | RTLD_LOCAL) != nil else { exit(2) }
            do throws(NumericsError) { _ = try Arithmetic.withBLAS() } catch {
                let expected =
                    "OpenBLAS: expected the kernel family Haswell, found Nehalem, which was loaded "
                    + "before Bitlaw could pin it\n  fix: unset LD_PRELOAD, or set "
                    + "OPENBLAS_CORETYPE=Haswell before the program starts"
                exit(error.description == expected ? 42 : 3)
            }
            exit(4)
        }
    }
}
