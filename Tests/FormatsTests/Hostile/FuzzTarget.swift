#if !FUZZING
  @testable import Formats
#endif

/// What is done with a made-up input: by the fuzzer with millions, by the tests with those kept in
/// Tests/Fuzz.
///
/// An input is refused or read; beyond that each target demands something of what it accepts.
enum FuzzTarget: String, CaseIterable, Sendable {
  /// The header of a GGUF file, its arrays, and the plan to write it again.
  case gguf
  /// The header of a safetensors file.
  case safetensors
  /// JSON: a document, an index, a configuration, a tokenizer.
  case json
  /// A zstd file, front to back and through its seek table.
  case zstd
  /// A whole conversion that writes nothing: opened, inspected, planned for every target, and all
  /// tensors read in every layout.
  case convert

  /// - Returns: What is wrong, or `nil`.
  func run(_ bytes: [UInt8]) -> String? {
    switch self {
    case .gguf: try? Self.gguf(bytes)
    case .safetensors: try? Self.safetensors(bytes)
    case .json: Self.json(bytes)
    case .zstd: try? Self.zstd(bytes)
    case .convert: try? Self.convert(bytes)
    }
  }

  private static func gguf(_ bytes: [UInt8]) throws(FormatError) -> String? {
    let file = try GGUFFile(MemorySource(bytes))
    for tensor in file.tensors {
      let range = tensor.info.range
      guard range.upperBound <= max(bytes.count, file.dataOffset) else { return "beyond the end" }
    }
    for entry in file.metadata.entries {
      guard case .array(let array) = entry.value else { continue }
      _ = try? array.byteStrings()
      _ = try? array.integers()
      _ = try? array.floats()
      _ = try? array.arrays()
    }
    let plan = try GGUFPlan(
      metadata: file.metadata, tensors: file.tensors.map { GGUFPlan.Tensor($0) })
    let again = try GGUFFile(
      MemorySource(plan.header + zeros(plan.fileByteCount - plan.header.count)))
    guard again.metadata.entries.count == file.metadata.entries.count,
      again.tensors.count == file.tensors.count
    else { return "written and read again it is another file" }
    return nil
  }

  private static func safetensors(_ bytes: [UInt8]) throws(FormatError) -> String? {
    let file = try SafetensorsFile(MemorySource(bytes))
    var end = file.dataOffset
    for tensor in file.tensors {
      guard tensor.range.lowerBound == end,
        try SafetensorsTypes.byteCount(tensor.type, tensor.shape) == tensor.range.count
      else { return "a hole, an overlap or a wrong size" }
      end = tensor.range.upperBound
    }
    return end == bytes.count ? nil : "the data does not end with the file"
  }

  private static func json(_ bytes: [UInt8]) -> String? {
    _ = try? SafetensorsIndex(parsing: bytes, name: "index")
    _ = try? TokenizerDocument(bytes, vocabularySize: 300, file: "tokenizer.json")
    guard let value = try? JSONValue(parsing: bytes, name: "json") else { return nil }
    _ = try? ModelConfig(config: value, tensors: [])
    _ = QuantizationConfig(value)
    for start in [Findings.strict, Findings.collecting] {
      var findings = start
      try? QuantizationConfig.checkMembers(value, file: "json", .standard, &findings)
    }
    guard let again = try? JSONValue(parsing: value.serialized(), name: "again") else {
      return "written, it cannot be read"
    }
    return again == value ? nil : "written and read again it is another value"
  }

  private static func zstd(_ bytes: [UInt8]) throws(FormatError) -> String? {
    let source = MemorySource(bytes)
    let front = try beginning(ZstdSource(source))
    let content = try decompressed(source, .standard)
    _ = try? ModelFile(content, .standard)
    guard content.access == .framed else { return nil }
    let anywhere = try beginning(content)
    return front == anywhere ? nil : "the seek table gives other content"
  }

  private static func convert(_ bytes: [UInt8]) throws(FormatError) -> String? {
    let source = MemorySource(bytes)
    if let stream = try? Model(reading: StreamSource(source)) {
      for target in ConversionTarget.allCases { _ = try? Conversion(of: stream, to: target) }
    }
    let model = try Model(reading: source)
    try Inspection(model).writeJSON { (_) throws(FormatError) in }
    var findings = Findings.collecting
    try Validation.checkHeaders(of: model, Validation.Options(), &findings)
    for target in ConversionTarget.allCases {
      _ = try? Conversion(of: model, to: target).outline(to: "out").members
    }
    for tensor in model.tensors {
      let matrix = tensor.matrix
      for layout in Layouts.all {
        let count = layout.byteCount(of: matrix)
        guard count <= 1 << 22 else { continue }
        var buffer = zeros(count)
        _ = try? buffer.withMutableBytes { (span) throws(FormatError) in
          try model.read(tensor, as: layout, into: &span)
        }
      }
    }
    return nil
  }

  /// At most so many bytes: a frame may hold thousands of times its own.
  private static func beginning(_ source: any ByteSource) throws(FormatError) -> [UInt8] {
    try source.prefix(1 << 20)
  }

  private static func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
}
