@testable import Formats

// Models of several files, streams, and what cannot be written.
extension HostileCorpus {
  /// A split model in which one of its files is another one.
  private static func bad(
    _ code: FormatError.Code, _ said: String,
    _ change: @escaping @Sendable (inout GGUFBuilder) -> Void
  ) -> [HostileCase] {
    (0..<3).map { broken in
      HostileCase("split, file \(broken)", code, said) { folder in
        for index in 0..<3 {
          var builder = shard(index)
          if index == broken { change(&builder) }
          try folder.write("m-0000\(index + 1)-of-00003.gguf", builder.bytes)
        }
        // Opened by a file that is whole.
        _ = try Model(opening: folder("m-0000\(broken == 0 ? 2 : 1)-of-00003.gguf"))
      }
    }
  }

  /// A split model whose first file and one of the later ones, by their numbers, do not say the same;
  /// opened by each of its files.
  private static func badLater(
    _ code: FormatError.Code, _ said: String,
    _ change: @escaping @Sendable (inout GGUFBuilder, Int) -> Void
  ) -> [HostileCase] {
    (1...3).map { number in
      HostileCase("split, opened by file \(number)", code, said) { folder in
        for index in 0..<3 {
          var builder = shard(index)
          if index == 0 || index == max(number - 1, 1) { change(&builder, index) }
          try folder.write("m-0000\(index + 1)-of-00003.gguf", builder.bytes)
        }
        _ = try Model(opening: folder("m-0000\(number)-of-00003.gguf"))
      }
    }
  }

  private static func shard(_ index: Int) -> GGUFBuilder {
    var builder = GGUFBuilder()
    builder.add("split.no", 2, builder.encoded(UInt16(index)))
    builder.add("split.count", 2, builder.encoded(UInt16(3)))
    builder.add("split.tensors.count", 5, builder.encoded(Int32(3)))
    builder.add(tensor: "t\(index)", [8], 0, bytes: 32)
    return builder
  }

  static let splits =
    bad(.malformed, "begins with 'FUGG', needed 'GGUF'") { $0.magic = "FUGG" }
    + bad(.truncated, "are missing") { $0.data = [] }
    + bad(.malformed, "the key 'split.no' is missing in one of several files") {
      $0 = GGUFBuilder()
    }
    + bad(.malformed, "'split.count' is 4, needed 3") {
      let number = $0.pairs
      $0 = GGUFBuilder()
      $0.add("split.no", 2, Array(number[20...21]))
      $0.add("split.count", 2, $0.encoded(UInt16(4)))
    }
    + bad(.malformed, "an earlier file of the model has a tensor of this name") {
      $0.infos[0].name = $0.infos[0].name == Array("t0".utf8) ? Array("t1".utf8) : Array("t0".utf8)
    }
    + badLater(.malformed, "the key 'lost' is missing in the first of several") {
      if $1 > 0 { $0.add("lost", uint32: 1) }
    }
    + badLater(.malformed, "the file is of architecture 'two', the first of") {
      $0.add("general.architecture", 8, $0.encoded($1 > 0 ? "two" : "one"))
    }
    + (1...3).map { number in
      HostileCase("two models", .unsupported, "the directory holds more than one GGUF model") {
        for name in ["a", "b\(number)"] {
          try $0.write("\(name)-00001-of-00002.gguf", GGUFBuilder().bytes)
        }
        _ = try Model(opening: $0.path)
      }
    }

  private static func opened(
    _ bytes: [UInt8], _ limits: Limits = .standard
  ) throws -> (model: Model, stream: StreamSource) {
    let stream = StreamSource(PassingBytes(bytes), limits: limits)
    return (try Model(reading: stream, limits: limits), stream)
  }

  static let streams = (1...3).flatMap { number -> [HostileCase] in
    [
      HostileCase("a stream cut off", .truncated, "the stream ends after") { _ in
        let bytes = try Fixture.bytes("micro/q1_0.gguf").dropLast(number * 100)
        let (model, _) = try opened(Array(bytes))
        try model.checkEnds()
      },
      HostileCase("a stream that goes on", .malformed, "bytes, and more follow") { _ in
        let bytes = try Fixture.bytes("micro/q1_0.gguf") + [UInt8](repeating: 0, count: 40 * number)
        let (model, _) = try opened(bytes)
        try model.checkEnds()
      },
      HostileCase("a stream gone by", .unsupported, "these bytes of the stream have gone by") { _ in
        // Beyond what comes with the header.
        let (_, stream) = try opened(try Fixture.bytes("micro/f16.gguf"))
        _ = try stream.bytes(800_000..<800_001)
        _ = try stream.bytes(400_000 + number..<400_001 + number)
      },
      HostileCase("a large header in a stream", .limit, "--limit stream-header=N raises it") { _ in
        var limits = Limits()
        limits[.streamHeader] = 100 * number
        _ = try opened(try Fixture.bytes("micro/q1_0.gguf"), limits)
      },
      HostileCase("a header beyond its limit", .limit, "--limit gguf-header=N raises it") { _ in
        var limits = Limits()
        limits[.ggufHeader] = 1000 * number
        _ = try opened(try Fixture.bytes("micro/q1_0.gguf"), limits)
      },
      HostileCase("a part of a model", .unsupported, "the others do not come this way") { _ in
        _ = try opened(shard(number - 1).bytes)
      },
      HostileCase("an end that comes early", .truncated, "bytes, the file ends after 100 of them") {
        _ in
        _ = try StreamSource(PassingBytes([UInt8](repeating: 0, count: 100)))
          .bytes(0..<100 + number)
      },
      HostileCase(
        "a tied model in a stream", .unsupported, "is said to be tied and stores an output"
      ) {
        var directory = try EditedDirectory("micro/fp16")
        directory.set("tie_word_embeddings", true)
        directory.spaces = number
        let path = try directory.write(to: $0)
        let model = try Model(
          reading: StreamSource(PassingBytes($0.bytes("model/model.safetensors"))),
          configDirectory: path)
        _ = try Conversion(of: model, to: .awq)
      },
      HostileCase("a stream that is resumed", .unsupported, "is compared with the source once more")
      {
        let path = try $0.write("m.zst", Packed.plain(Fixture.bytes("micro/q1_0.gguf")))
        var options = ConversionOptions()
        options.resumes = true
        options.budget.width = number
        _ = try Conversion(of: Model(opening: path), to: .awq, options: options)
      },
      HostileCase("a stream that is compressed on its way", .unsupported, "pack what comes of it") {
        let path = try $0.write("m.zst", Packed.plain(Fixture.bytes("micro/q1_0.gguf")))
        var options = ConversionOptions()
        options.compression = .zstd(level: number)
        _ = try Conversion(of: Model(opening: path), to: .fp16, options: options)
      },
      HostileCase("an unknown end", .unsupported, "so nobody knows where it ends") { _ in
        var builder = GGUFBuilder()
        builder.add(tensor: "t", [8], 98 + UInt32(number), bytes: 32)
        _ = try ModelFile(MemorySource(builder.bytes), .standard).byteCounts()
      },
      HostileCase("fewer bytes than unpacked", .truncated, "bytes, there are") { _ in
        let source = MemorySource(try Fixture.bytes("micro/q1_0.gguf"))
        try Packing.checkLength(1000 * number, ModelFile(source, .standard), source)
      },
      HostileCase("a larger window later", .limit, "and memory is left for") { folder in
        let wide = Packed.streamed(try Fixture.bytes("micro/q1_0.gguf"), windowLog: 20 + number)
        let source = try ZstdSource(MemorySource(Packed.plain([1, 2, 3]) + wide))
        source.limitWindow(to: 1 << 20)
        _ = try source.everything()
      },
      HostileCase("AWQ in a stream", .unsupported, "lie far apart, and a stream is read only once")
      { _ in
        let name = ["micro", "micro-tied-edge", "micro"][number - 1]
        let bytes = try Fixture.bytes("\(name)/\(number == 3 ? "mlx" : "awq")/model.safetensors")
        let layout = Fixture.path("\(name)/\(number == 3 ? "mlx" : "awq")")
        let model = try Model(
          reading: StreamSource(PassingBytes(bytes)), configDirectory: layout)
        _ = try Conversion(of: model, to: .gguf)
      },
    ]
  }

  private static func tensor(
    _ name: String, _ shape: [Int]
  ) throws(FormatError) -> GGUFPlan.Tensor {
    try GGUFPlan.Tensor(name, .f32, shape: shape)
  }

  static let special =
    ["/dev/null", "/dev/zero", "/dev/full"].map { device in
      HostileCase("a device", .unsupported, "needed a regular file, this is a device") { _ in
        _ = try Model(opening: device)
      }
    }
    + ["model.safetensors", "config.json", "tokenizer.json"].map { file in
      HostileCase("a link", .unsupported, "the file is a link that leads out of its directory") {
        let path = try $0.copy("micro/fp16", as: "model", leavingOut: [file])
        try $0.write("secret", Fixture.bytes("micro/fp16/\(file)"))
        try LinkTests.link(path + "/" + file, to: "../secret")
        _ = try Conversion(of: Model(opening: path), to: .gguf)
      }
    }

  static let writing = (1...3).flatMap { number -> [HostileCase] in
    let plan: @Sendable (SafetensorsPlan.Tensor) throws -> Void = { _ = try SafetensorsPlan([$0]) }
    return [
      HostileCase("a long name", .limit, "at most 63 are written") { _ in
        let name = String(repeating: "n", count: 63 + number)
        _ = try GGUFPlan(metadata: GGUFMetadata(), tensors: [tensor(name, [1])])
      },
      HostileCase("an empty key", .malformed, "a metadata key is empty") { _ in
        let entries = [GGUFMetadata.Entry("", .uint32(UInt32(number)))]
        _ = try GGUFPlan(metadata: GGUFMetadata(entries), tensors: [])
      },
      HostileCase("a long key", .limit, "at most 65535 are written") { _ in
        let key = String(repeating: "k", count: 65_535 + number)
        _ = try GGUFPlan(metadata: GGUFMetadata([.init(key, .bool(true))]), tensors: [])
      },
      HostileCase("names twice", .malformed, "there are two tensors of this name") { _ in
        let tensors = try (0...number).map { (_) throws(FormatError) in try tensor("t", [1]) }
        _ = try GGUFPlan(metadata: GGUFMetadata(), tensors: tensors)
      },
      HostileCase("many sizes", .malformed, "is not one of 0 to 4 sizes") { _ in
        let shape = [Int](repeating: 1, count: 4 + number)
        _ = try GGUFPlan(metadata: GGUFMetadata(), tensors: [tensor("t", shape)])
      },
      HostileCase("many files", .limit, "files, at most 10000 are written") { _ in
        let tensors = try (0..<10_000 + number).map { (index) throws(FormatError) in
          try tensor("t\(index)", [1])
        }
        _ = try GGUFSplitPlan(
          metadata: GGUFMetadata(), tensors: tensors, limits: .init(tensorCount: 1))
      },
      HostileCase("a long name in safetensors", .limit, "at most 65536 are written") { _ in
        let name = String(repeating: "n", count: 65_536 + number)
        try plan(.init(name: name, type: .f16, shape: [1]))
      },
      HostileCase("many sizes in safetensors", .limit, "sizes, at most 64 are written") { _ in
        try plan(.init(name: "t", type: .f16, shape: [Int](repeating: 1, count: 64 + number)))
      },
      HostileCase("a foreign type", .unsupported, "safetensors has no type") { _ in
        try plan(.init(name: "t", type: .q1_0, shape: [128 * number]))
      },
    ]
  }
}
