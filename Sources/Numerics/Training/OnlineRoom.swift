import CKernels

/// A committee that learns from a teacher in one pass: its numbers, its weights and the memory of a step.
///
/// Inputs are normals of single precision in either case; docs/NUMERICS.md has the formulas of a step.
package struct OnlineRoom<Scalar: KernelScalar> {
    /// Directions of an input, those of them that learn, units of the student and of the teacher, and the
    /// examples of a step.
    package let inputs, trained, students, teachers, batch: Int
    /// Elements from one row to the next: the inputs, to the next multiple of 64.
    package let stride: Int
    /// The activation of every unit; the identity for `nil`.
    package let activation: Activation?
    /// What the draws come from: example e is groups e·stride/64 and on.
    package let stream: RandomStream
    /// The step's factor, and those of a field, of the student's output and of the teacher's.
    package var rate, fieldScale, studentScale, teacherScale: Scalar
    /// Weights `[students + teachers, stride]`, the student's first; zero from `inputs` on.
    package let weights: Buffer<Scalar>
    /// A factor of each direction, `[stride]`; zero from `inputs` on.
    package let scale: Buffer<Scalar>
    /// What turns an input, `[inputs, stride]`.
    package var rotation: Buffer<Scalar>?
    private let normals: Buffer<Float>
    private let plain, x, fields, factors: Buffer<Scalar>

    /// Room for a shape: weights and scales are zero, factors 1.
    package init(
        inputs: Int, trained: Int, students: Int, teachers: Int, batch: Int,
        activation: Activation?, stream: RandomStream
    ) {
        precondition(trained >= 0 && trained <= inputs, "\(trained) of \(inputs) directions learn")
        self.inputs = inputs
        self.trained = trained
        self.students = students
        self.teachers = teachers
        self.batch = batch
        self.activation = activation
        self.stream = stream
        stride = (inputs + 63) / 64 * 64
        (rate, fieldScale, studentScale, teacherScale) = (1, 1, 1, 1)
        weights = Buffer(count: (students + teachers) * stride)
        scale = Buffer(count: stride)
        normals = Buffer(count: stride)
        plain = Buffer(count: stride)
        x = Buffer(count: batch * stride)
        fields = Buffer(count: 2 * (students + teachers))
        factors = Buffer(count: batch * students)
    }

    /// Steps of one-pass descent from an example on; returns how many were made before a field was not
    /// finite.
    ///
    /// - Complexity: allocates nothing; a step takes (students + teachers)·stride·batch operations a few
    ///   times over, and inputs·stride·batch more with a rotation.
    package func descend(_ kernels: Kernels, example: UInt64, steps: UInt64) -> UInt64 {
        let turn = unsafe rotation.map {
            unsafe UnsafeRawPointer($0.pointer(at: 0, size: inputs * stride))
        }
        var job = unsafe bitlaw_online(
            inputs: inputs, stride: stride, trained: trained, students: students,
            teachers: teachers, batch: batch,
            activation: activation?.number ?? Int32(BITLAW_ACTIVATE_LINEAR), rate: rate.double,
            field_scale: fieldScale.double, student_scale: studentScale.double,
            teacher_scale: teacherScale.double, key0: stream.key[0], key1: stream.key[1],
            index: stream.index, weights: weights.base, scale: scale.base, rotation: turn,
            normals: normals.base, plain: plain.base, x: x.base, fields: fields.base,
            factors: factors.base)
        return unsafe kernels.table(Scalar.self).pointee.online(&job, example, steps)
    }
}
