/// The overlaps that ε_g depends on: Q `[K, K]`, R `[K, M]`, T `[M, M]` at first order in Σ.
package struct CommitteeOverlaps: Sendable, Equatable {
    /// Student with student, student with teacher, teacher with teacher.
    package var q, r, t: [Double]
    /// Units of the student and of the teacher.
    package let students, teachers: Int

    /// Wraps overlaps.
    package init(q: [Double], r: [Double], t: [Double], students: Int, teachers: Int) {
        self.q = q
        self.r = r
        self.t = t
        self.students = students
        self.teachers = teachers
    }

    /// √M/K, the factor of the student's sum of outputs.
    package var studentScale: Double { Double(teachers).squareRoot() / Double(students) }

    /// 1/√M, the factor of the teacher's.
    package var teacherScale: Double { 1 / Double(teachers).squareRoot() }

    /// ½⟨(teacher − student)²⟩ over fresh inputs, for an activation whose ⟨g(u)g(v)⟩ is `average`.
    ///
    /// Near convergence it is a difference of terms of order 1: below about 10⁻¹³ it is rounding.
    package func error(_ activation: OnlineActivation) -> Double {
        let (cS, cT) = (studentScale, teacherScale)
        var (students, teachers, mixed) = (0.0, 0.0, 0.0)
        let (k, m) = (self.students, self.teachers)
        for i in 0..<k {
            for j in 0..<k {
                students += activation.average(q[i * k + i], q[i * k + j], q[j * k + j])
            }
            for n in 0..<m { mixed += activation.average(q[i * k + i], r[i * m + n], t[n * m + n]) }
        }
        for n in 0..<m {
            for o in 0..<m {
                teachers += activation.average(t[n * m + n], t[n * m + o], t[o * m + o])
            }
        }
        return 0.5 * (cS * cS * students + cT * cT * teachers - 2 * cS * cT * mixed)
    }
}
