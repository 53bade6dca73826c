import Glibc
import System

/// GPUs of NVIDIA that a program is given, by their numbers.
struct GPUs: Sendable {
    /// The numbers, as in `/dev/nvidia0`.
    let numbers: [Int]

    /// What every program with a GPU opens, where the driver made it.
    private static let shared = [
        "nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset", "nvidia-caps",
    ]

    /// The numbers of all that this machine has and a person may use: a scheduler says so by
    /// `CUDA_VISIBLE_DEVICES`.
    static func onThisMachine(for person: EnvironmentVariables) -> [Int] {
        let all = ((try? namesInFolder("/dev")) ?? []).compactMap { name -> Int? in
            name.hasPrefix("nvidia") ? Int(name.dropFirst(6)) : nil
        }.sorted()
        guard let allowed = person["CUDA_VISIBLE_DEVICES"] else { return all }
        let numbers = allowed.split(separator: ",").map { Int($0) }
        return all.filter { numbers.contains($0) }
    }

    /// The device files of these, and those that all share.
    var devices: [String] {
        if numbers.isEmpty { return [] }
        return (numbers.map { "nvidia\($0)" } + GPUs.shared).map { "/dev/\($0)" }.filter {
            unsafe access($0, F_OK) == 0
        }
    }

    /// The variables by which CUDA finds these and no others; none where none is given.
    ///
    /// CUDA counts the devices that it can open: a confined program has no others.
    func variables(isConfined: Bool) -> [String] {
        if numbers.isEmpty { return [] }
        let seen = isConfined ? Array(numbers.indices) : numbers
        let list = seen.map { String($0) }.joined(separator: ",")
        return ["CUDA_DEVICE_ORDER=PCI_BUS_ID", "CUDA_VISIBLE_DEVICES=\(list)"]
    }
}
