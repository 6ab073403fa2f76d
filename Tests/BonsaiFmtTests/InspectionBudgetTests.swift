import Formats
import Foundation
import Testing

/// What `inspect` takes for a header, whatever stands in it; Specs/limits.md.
///
/// The system keeps the program within the memory: beyond it, it dies. Time is that of the processor,
/// so that a busy machine does not matter.
@Suite(
  "What an inspection takes", .serialized,
  .disabled(if: Sanitizer.isWatching, "a sanitizer takes more memory than the limit allows"))
struct InspectionBudgetTests {
  /// A header of about 4 MB in which one thing is as often as it can be.
  enum Header: String, CaseIterable {
    case ggufKeys, ggufStrings, ggufArrays, ggufTensors, ggufKeysAndTensors, ggufTypes
    case safetensorsTensors, safetensorsMetadata, longNames, dottedNames, dottedLayers, deepShapes

    var bytes: [UInt8] {
      switch self {
      case .ggufKeys: gguf(keys: 230_000, value: [0, 0, 0, 0, 1], tensors: 0)
      case .ggufStrings: gguf(keys: 160_000, value: [8, 0, 0, 0] + word(2) + [65, 66], tensors: 0)
      case .ggufArrays:
        gguf(keys: 120_000, value: [9, 0, 0, 0, 4, 0, 0, 0] + word(1) + [1, 0, 0, 0], tensors: 0)
      case .ggufTensors: gguf(keys: 0, value: [], tensors: 100_000)
      // Each of a type of its own that nobody knows.
      case .ggufTypes: gguf(keys: 0, value: [], tensors: 100_000, firstType: 1000)
      case .ggufKeysAndTensors: gguf(keys: 90_000, value: [0, 0, 0, 0, 1], tensors: 65_000)
      case .safetensorsTensors:
        safetensors(entries(73_000, #"{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"#))
      case .safetensorsMetadata:
        safetensors(#""__metadata__":{"# + entries(380_000, #""""#) + "}")
      case .longNames:
        safetensors(
          entries(
            130, #"{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"#,
            prefix: String(repeating: "n", count: 30_000)))
      // Each of tens of thousands of parts.
      case .dottedNames:
        safetensors(
          entries(
            66, #"{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"#,
            prefix: String(repeating: "1.", count: 30_000)))
      // The number is the last of thousands of parts.
      case .dottedLayers:
        safetensors(
          entries(
            1000, #"{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"#,
            prefix: String(repeating: ".", count: 4000) + "1."))
      case .deepShapes:
        safetensors(
          entries(
            23_000,
            #"{"dtype":"U8","shape":[0"# + String(repeating: ",0", count: 63)
              + #"],"data_offsets":[0,0]}"#))
      }
    }

    private func gguf(
      keys: Int, value: [UInt8], tensors: Int, firstType: Int? = nil
    ) -> [UInt8] {
      var bytes = Array("GGUF".utf8) + [3, 0, 0, 0] + word(tensors) + word(keys)
      for number in 0..<max(keys, tensors) {
        let name = Array(String(number, radix: 36).utf8)
        if number < keys { bytes += word(name.count) + name + value }
      }
      for number in 0..<tensors {
        let name = Array(String(number, radix: 36).utf8)
        // One dimension of size 0, F32 unless it is said otherwise, where the data begins.
        let type = word(firstType.map { $0 + number } ?? 0).prefix(4)
        bytes += word(name.count) + name + [1, 0, 0, 0] + word(0) + type + word(0)
      }
      return bytes + [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
    }

    private func safetensors(_ members: String) -> [UInt8] {
      let text = Array("{\(members)}".utf8)
      return word(text.count) + text
    }

    private func entries(_ count: Int, _ value: String, prefix: String = "") -> String {
      (0..<count).map { "\"\(prefix)\(String($0, radix: 36))\":\(value)" }.joined(separator: ",")
    }

    private func word(_ number: Int) -> [UInt8] {
      withUnsafeBytes(of: UInt64(number).littleEndian) { Array($0) }
    }
  }

  /// How much longer the program takes when it has been built for debugging.
  #if DEBUG
    private static let slowness = 40.0
  #else
    private static let slowness = 1.0
  #endif

  @Test(arguments: Header.allCases) func inspects(header: Header) async throws {
    try await inspect(header, "")
  }

  /// Where there is the most to write.
  @Test(
    arguments: [.ggufKeysAndTensors, .ggufTypes, .safetensorsTensors, .safetensorsMetadata]
      as [Header],
    ["--tensors", "--json"])
  func inspectsWhole(header: Header, option: String) async throws {
    try await inspect(header, option)
  }

  private func inspect(_ header: Header, _ option: String) async throws {
    let bytes = header.bytes
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("bonsai-fmt-tests-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let kibibytes = (64 << 10) + bytes.count * 10 / 1024
    let script = "ulimit -d \(kibibytes) && exec \"$0\" inspect \"$1\" \(option)"
    let taken = try await ChildProcess.run(["/bin/sh", "-c", script, Tool.path, path])
    #expect(taken.userSeconds < Double(bytes.count) / 1e7 * Self.slowness)
  }
}
