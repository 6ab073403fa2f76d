import Testing

@testable import Formats

/// Tensors without weights have no size that a file would have to hold, so that their other sizes can
/// be anything; and so can those of what comes through a pipe.
@Suite("Shapes that no file has room for") struct ExtremeShapeTests {
  static let sizes = [1, 127, 1 << 40, 1 << 60, 1 << 62, Int.max]
  static let empty =
    sizes.map { MatrixShape(rows: 0, columns: $0) }
    + sizes.map { MatrixShape(rows: $0, columns: 0) }

  @Test("Nothing that is counted overflows", arguments: empty)
  func counts(shape: MatrixShape) {
    #expect(LeafGrid(matrix: shape).count == 0)
    for layout in Layouts.all {
      #expect(layout.byteCount(of: shape) == 0)
      for other in Layouts.all {
        let tiling = Tiling(of: shape, in: layout, units: [other], byteCount: 1 << 20)
        #expect(tiling.tiles(of: shape).isEmpty)
        #expect(layout.byteCount(of: tiling.largestTile(of: shape)) == 0)
      }
    }
    for layout in Layouts.all {
      #expect(layout.byteCount(of: MatrixShape(rows: .max, columns: .max)) == .max)
    }
  }

  /// It would not end.
  @Test("Nothing is transformed where there is nothing", .timeLimit(.minutes(5)), arguments: empty)
  func transforms(shape: MatrixShape) throws {
    for layout in Layouts.all {
      for other in Layouts.all {
        guard let route = try? ConversionGraph.standard.route(from: layout, to: other) else {
          continue
        }
        var scratch = TileScratch()
        var target: [UInt8] = []
        try [UInt8]().withBytes { (source) throws(FormatError) in
          try target.withMutableBytes { (target) throws(FormatError) in
            try route.apply(shape.whole, from: source, to: &target, scratch: &scratch)
          }
        }
      }
    }
  }

  @Test("Nothing is read where there is nothing", .timeLimit(.minutes(5)), arguments: empty)
  func reads(shape: MatrixShape) throws {
    for type: UInt32 in [0, 1, 41] {
      var builder = GGUFBuilder()
      let sizes = [shape.columns, shape.rows].map { Int64($0) }
      builder.infos.append(.init("m.weight", sizes, type, at: 0))
      guard let model = try? Model(reading: MemorySource(builder.bytes)) else { continue }
      for layout in Layouts.all {
        var target: [UInt8] = []
        try? target.withMutableBytes { (target) throws(FormatError) in
          try model.read(model.tensors[0], as: layout, into: &target)
        }
      }
    }
  }

  /// An array of a safetensors header, which takes no bytes.
  private static func entry(_ name: String, _ type: String, _ shape: [Int]) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[0,0]}"#
  }

  /// Of the kinds that put several arrays together, each size as large as can be.
  static let headers: [String] =
    sizes.flatMap { size -> [String] in
      [[0, size], [size, 0]].flatMap { shape in
        [
          entry("m.weight", "F16", shape),
          [
            entry("m.weight", "U32", shape), entry("m.scales", "F16", [shape[0], 1]),
            entry("m.biases", "F16", [shape[0], 1]),
          ].joined(separator: ","),
          [
            entry("m.weight", "U32", shape), entry("m.scales", "F16", shape),
            entry("m.biases", "F16", shape),
          ].joined(separator: ","),
          [
            entry("m.qweight", "I32", shape), entry("m.qzeros", "I32", [1, shape[1]]),
            entry("m.scales", "F16", [1, 0]),
          ].joined(separator: ","),
        ]
      }
    }

  @Test("An inspection and a fingerprint, or an error", arguments: headers)
  func files(header: String) async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("m.safetensors", safetensors("{\(header)}"))
    _ = await failure { _ = try Inspection(Model(opening: path)) }
    _ = await failure { _ = try await Model(opening: path).fingerprint() }
    _ = await failure { _ = try await Validation(of: path) }
    for target in ConversionTarget.allCases {
      let name = target.rawValue
      let model = try folder.copy("micro/fp16", as: name, leavingOut: ["model.safetensors"])
      try folder.write("\(name)/model.safetensors", safetensors("{\(header)}"))
      let error = await failure {
        try await convert(model, target, to: folder("\(target)-out"))
      }
      #expect(error.map { [.malformed, .unsupported].contains($0.code) } ?? true)
    }
  }

  /// Two matrices, each of as many weights as can be counted, in a header that comes by a pipe.
  @Test("Sums of what can be counted", arguments: [ConversionTarget.gguf, .ggufF16])
  func sums(target: ConversionTarget) async throws {
    var builder = GGUFBuilder()
    builder.add("general.architecture", 8, builder.encoded("mystery"))
    let byteCount: UInt64 = (1 << 62) / 128 * 18
    for number in 0..<2 {
      builder.infos.append(
        .init("blk.\(number).a.weight", [1 << 31, 1 << 31], 41, at: UInt64(number) * byteCount))
    }
    var options = ConversionOptions()
    options.verifies = false
    if target == .ggufF16 { options.split = GGUFSplitLimits(tensorCount: 1) }
    let error = await failure {
      let conversion = try Conversion(
        of: Model(passing: builder.bytes), to: target, options: options)
      _ = conversion.byteCount
      _ = conversion.neededByteCount
      _ = try conversion.outline(to: "x").members
    }
    let codes: [FormatError.Code] = [.malformed, .unsupported, .limit]
    #expect(error.map { codes.contains($0.code) } ?? true)
  }

  /// Up to eight weights lie in a byte, so that more of them are stated than 63 bits can count while
  /// the bytes can be counted.
  @Test func moreWeightsThanCanBeCounted() async {
    let (rows, words) = (1 << 29, 1 << 30)
    let groups = words / 4
    let header =
      #"{"m.weight":{"dtype":"U32","shape":[\#(rows),\#(words)],"data_offsets":"#
      + #"[0,\#(rows * words * 4)]},"m.scales":{"dtype":"F16","shape":[\#(rows),\#(groups)],"#
      + #""data_offsets":[\#(rows * words * 4),\#(rows * words * 4 + rows * groups * 2)]},"#
      + #""m.biases":{"dtype":"F16","shape":[\#(rows),\#(groups)],"data_offsets":"#
      + #"[\#(rows * words * 4 + rows * groups * 2),\#(rows * words * 4 + rows * groups * 4)]}}"#
    let error = await failure {
      _ = try Inspection(Model(reading: StreamSource(PassingBytes(safetensors(header)))))
    }
    #expect(error?.message.contains("overflows 64 bits") == true)
    #expect(error?.location.tensor == "m.weight")
  }
}
