/// The machine, as far as it says what it is.
package enum Machine {
  /// Processor and memory in one line, for the figures that were measured there.
  package static func description(processorCount: Int) -> String {
    let processor = value("model name", in: "/proc/cpuinfo") ?? "processors"
    let memory = value("MemTotal", in: "/proc/meminfo").flatMap { Int($0.prefix { $0 != " " }) }
    return "\(processorCount) × \(processor)"
      + (memory.map { ", \(($0 + 1 << 19) >> 20) GiB of memory" } ?? "")
  }

  /// What Linux says in lines of `name: value`; nothing elsewhere.
  private static func value(_ name: String, in path: String) -> String? {
    guard let bytes = try? FileSource(path: path).prefix(1 << 14) else { return nil }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0].hasPrefix(name) else { continue }
      return String(parts[1].drop { $0 == " " || $0 == "\t" })
    }
    return nil
  }
}
