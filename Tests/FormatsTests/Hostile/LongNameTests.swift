import Testing

@testable import Formats

/// What stands in a message of a text of the file is short, and a tensor's name is no book;
/// Specs/limits.md.
@Suite struct LongNameTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let long = String(repeating: "n", count: 5000)

  @Test func members() async throws {
    var directory = try EditedDirectory("micro/mlx")
    directory.set(
      "quantization", ["bits": 1, "group_size": 128, Self.long: ["bits": 99]])
    let path = try directory.write(to: folder)
    let error = await failure { _ = try Conversion(of: Model(opening: path), to: .gguf) }
    #expect(error?.message.hasPrefix("'quantization.nnn") == true)
    #expect(error?.message.hasSuffix("…bits' must be from 1 to 32, is 99") == true)
    #expect(error?.message.utf8.count ?? .max < 200)
  }

  @Test func tensors() async throws {
    var directory = try EditedDirectory("micro/fp16")
    let name = "model.layers.0.\(Self.long).weight"
    directory.tensors.append(
      .init(name: name, type: .f32, shape: [2], bytes: [0, 0, 0, 0, 1, 0, 0, 0]))
    let path = try directory.write(to: folder)
    let refused = await failure { try await convert(path, .gguf, to: folder("no")) }
    #expect(refused?.location.tensor == name)
    #expect(refused?.description.utf8.count ?? .max < 500)
    let (_, report) = try await convert(path, .awq, to: folder("out"))
    #expect(report.notes.count == 1 && report.notes[0].contains("…"))
    #expect(report.notes[0].utf8.count < 400)
    let strict = await failure {
      try await convert(path, .awq, to: folder("no")) { $0.isStrict = true }
    }
    #expect(strict?.description.utf8.count ?? .max < 600)
  }

  @Test func types() async throws {
    let header =
      #""a.qweight":{"dtype":"I32","shape":[8,1],"data_offsets":[0,0]},"#
      + #""a.qzeros":{"dtype":"\#(Self.long)","shape":[1,1],"data_offsets":[0,0]},"#
      + #""a.scales":{"dtype":"F16","shape":[1,8],"data_offsets":[0,0]}"#
    let path = try folder.write("m.safetensors", safetensors("{\(header)}"))
    let validation = try await Validation(of: path)
    #expect(!validation.findings.isEmpty)
    for finding in validation.findings {
      #expect(finding.error.description.utf8.count < 700, "\(finding.rule)")
    }
  }

  @Test func warnings() throws {
    var builder = GGUFBuilder()
    let name = String(repeating: "x", count: 300) + ".weight"
    builder.add(tensor: name, [256, 1], 14, bytes: 210)
    builder.add(tensor: "blk.0.ffn_up.weight", [256, 1], 41, bytes: 36)
    let path = try folder.write("m.gguf", builder.bytes)
    var limits = Limits.standard
    limits[.ggufNameLength] = 1000
    let warnings = try Inspection(Model(opening: path, limits: limits)).warnings
    let mixture = try #require(warnings.first { $0.id == "mixed-types" })
    #expect(mixture.message.hasPrefix("xxx") && mixture.message.utf8.count < 400)
  }
}
