@testable import Formats

/// A fixture's GGUF taken apart, so that a test can change it and write it anew.
struct EditedGGUF {
  struct Tensor {
    var name: String
    var typeID: UInt32
    var type: StorageType
    var shape: [Int]
    var bytes: [UInt8]
  }

  var metadata: GGUFMetadata
  var tensors: [Tensor]

  init(_ relative: String = "micro/q1_0.gguf") throws {
    let file = try GGUFFile(FileSource(path: Fixture.path(relative)))
    metadata = file.metadata
    tensors = try file.tensors.map {
      Tensor(
        name: $0.info.name, typeID: $0.typeID, type: $0.info.type, shape: $0.info.shape,
        bytes: try file.source.bytes($0.info.range))
    }
  }

  /// Changes the tensors of that name.
  mutating func edit(_ name: String, _ change: (inout Tensor) -> Void) {
    for index in tensors.indices where tensors[index].name == name { change(&tensors[index]) }
  }

  mutating func set(_ changes: [(String, GGUFValue?)]) { metadata = metadata.with(changes) }

  @discardableResult
  func write(to folder: TemporaryFolder, as name: String = "model.gguf") throws -> String {
    let plan = try GGUFPlan(
      metadata: metadata,
      tensors: tensors.map {
        let info = TensorInfo(
          name: $0.name, type: $0.type, shape: $0.shape, range: 0..<$0.bytes.count)
        return .init(GGUFTensor(info: info, typeID: $0.typeID, meaning: .resolved))
      })
    var bytes = plan.header + [UInt8](repeating: 0, count: plan.fileByteCount - plan.header.count)
    for (tensor, place) in zip(tensors, plan.placements) {
      bytes.replaceSubrange(place.range, with: tensor.bytes)
    }
    return try folder.write(name, bytes)
  }
}

extension EditedGGUF.Tensor {
  /// Puts bits of an F16 into the scale of a Q1_0 block.
  mutating func setScale(_ bits: UInt16, block: Int) {
    bytes[block * 18] = UInt8(truncatingIfNeeded: bits)
    bytes[block * 18 + 1] = UInt8(truncatingIfNeeded: bits >> 8)
  }

  /// Makes the tensor another one, of a dense type.
  mutating func become(_ type: GGMLType, _ shape: [Int], repeating element: [UInt8]) {
    typeID = type.id
    self.type = type.readings[0]
    self.shape = shape
    bytes = Array(repeatElement(element, count: shape.reduce(1, *)).joined())
  }
}

/// The error that this ends in, or `nil` where it ends well.
func failure(
  isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Void
) async -> FormatError? {
  do {
    try await body()
    return nil
  } catch {
    return error as? FormatError
  }
}
