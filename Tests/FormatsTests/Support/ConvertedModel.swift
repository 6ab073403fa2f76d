import Testing

@testable import Formats

extension ConversionTarget {
  /// Where a fixture's own model in this form lies.
  var fixture: String {
    switch self {
    case .awq: "awq"
    case .fp16: "fp16"
    case .mlx: "mlx"
    case .gguf: "q1_0.gguf"
    case .ggufF16: "f16.gguf"
    }
  }
}

/// Converts a model and opens what was written.
@discardableResult
func convert(
  _ input: String, _ target: ConversionTarget, to output: String,
  _ change: (inout ConversionOptions) -> Void = { _ in }
) async throws -> (model: Model, report: ConversionReport) {
  var options = ConversionOptions()
  change(&options)
  let conversion = try Conversion(of: Model(opening: input), to: target, options: options)
  let report = try await conversion.run(to: output)
  return (try Model(opening: output), report)
}

extension Model {
  /// The bytes of a tensor as they are stored, part after part.
  func storedBytes(_ tensor: Tensor) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try reader.read(tensor.matrix.whole, of: tensor, into: &bytes)
    return bytes
  }

  /// The bytes of a tensor in another layout.
  func bytes(_ name: String, as layout: Layout) throws -> [UInt8] {
    let tensor = try #require(self.tensor(named: name))
    var bytes = [UInt8](repeating: 0, count: layout.byteCount(of: tensor.matrix))
    try bytes.withMutableBytes { (span) throws(FormatError) in
      try read(tensor, as: layout, into: &span)
    }
    return bytes
  }

  /// What differs from another model: names and layouts, and the bytes of each tensor, or only its
  /// values.
  func differences(from other: Model, byValue: Bool = false) throws -> [String] {
    let described = { (model: Model) in
      Set(model.tensors.map { "\($0.name): \($0.layout.name) \($0.shape)" })
    }
    var found = described(self).symmetricDifference(described(other)).sorted()
    for tensor in tensors where found.isEmpty {
      let counterpart = try #require(other.tensor(named: tensor.name))
      let same =
        if byValue {
          try bytes(tensor.name, as: .f32) == other.bytes(tensor.name, as: .f32)
        } else {
          try storedBytes(tensor) == other.storedBytes(counterpart)
        }
      if !same { found.append("\(tensor.name) has other \(byValue ? "values" : "bytes")") }
    }
    return found
  }
}

extension TemporaryFolder {
  /// A directory with copies of the files of a fixture's.
  func copy(_ fixture: String, as name: String, leavingOut: Set<String> = []) throws -> String {
    try makeFolder(name)
    for file in try SystemCalls.list(Fixture.path(fixture)) where !leavingOut.contains(file) {
      try write("\(name)/\(file)", Fixture.bytes("\(fixture)/\(file)"))
    }
    return self(name)
  }

  /// The names and bytes of a file, or of a directory's files, that differ between two outputs.
  func differingFiles(_ one: String, _ other: String) throws -> [String] {
    guard try SystemCalls.status(self(one))?.isDirectory == true else {
      return try bytes(one) == bytes(other) ? [] : [one]
    }
    let names = try SystemCalls.list(self(one))
    let others = try SystemCalls.list(self(other))
    let lonely = Set(names).symmetricDifference(others)
    return try lonely.sorted()
      + names.filter { !lonely.contains($0) }.filter {
        try bytes("\(one)/\($0)") != bytes("\(other)/\($0)")
      }
  }
}
