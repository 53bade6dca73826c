import CKernels
package import Numerics

/// The type of a student's weights; inputs are single precision in either case.
package protocol OnlineScalar: KernelScalar {
    /// Steps of one-pass descent; returns how many were made before a field was not finite.
    static func online(_ kernels: Kernels, _ room: OnlineRoom<Self>, example: UInt64, steps: UInt64)
        -> UInt64
}

/// The memory and the numbers that the kernel works with; see `CKernels.h`.
package struct OnlineRoom<Scalar: KernelScalar> {
    var (inputs, stride, trained, students, teachers, batch): (Int, Int, Int, Int, Int, Int)
    var activation: Int32
    var rate, fieldScale, studentScale, teacherScale: Scalar
    var stream: RandomStream
    var weights, scale: Buffer<Scalar>
    var rotation: Buffer<Scalar>?
    var normals: Buffer<Float>
    var plain, x, fields, factors: Buffer<Scalar>
}

extension Float: OnlineScalar {
    /// In single precision.
    package static func online(
        _ kernels: Kernels, _ room: OnlineRoom<Float>, example: UInt64, steps: UInt64
    ) -> UInt64 {
        var job = unsafe bitlaw_online_f32(
            inputs: room.inputs, stride: room.stride, trained: room.trained,
            students: room.students, teachers: room.teachers, batch: room.batch,
            activation: room.activation, rate: room.rate, field_scale: room.fieldScale,
            student_scale: room.studentScale, teacher_scale: room.teacherScale,
            key0: room.stream.key[0], key1: room.stream.key[1], index: room.stream.index,
            weights: room.weights.base, scale: UnsafePointer(room.scale.base),
            rotation: room.rotation.map { unsafe UnsafePointer($0.base) },
            normals: room.normals.base, plain: room.plain.base, x: room.x.base,
            fields: room.fields.base, factors: room.factors.base)
        return unsafe kernels.table.pointee.f32.online(&job, example, steps)
    }
}

extension Double: OnlineScalar {
    /// In double precision.
    package static func online(
        _ kernels: Kernels, _ room: OnlineRoom<Double>, example: UInt64, steps: UInt64
    ) -> UInt64 {
        var job = unsafe bitlaw_online_f64(
            inputs: room.inputs, stride: room.stride, trained: room.trained,
            students: room.students, teachers: room.teachers, batch: room.batch,
            activation: room.activation, rate: room.rate, field_scale: room.fieldScale,
            student_scale: room.studentScale, teacher_scale: room.teacherScale,
            key0: room.stream.key[0], key1: room.stream.key[1], index: room.stream.index,
            weights: room.weights.base, scale: UnsafePointer(room.scale.base),
            rotation: room.rotation.map { unsafe UnsafePointer($0.base) },
            normals: room.normals.base, plain: room.plain.base, x: room.x.base,
            fields: room.fields.base, factors: room.factors.base)
        return unsafe kernels.table.pointee.f64.online(&job, example, steps)
    }
}
