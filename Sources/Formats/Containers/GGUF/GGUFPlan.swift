/// A GGUF file that is to be written: its whole header, and where each tensor's data goes.
///
/// Always version 3, little-endian; Specs/gguf.md §13. Making a plan writes nothing.
public struct GGUFPlan: Sendable {
  /// A tensor that is to be written.
  public struct Tensor: Sendable, Hashable {
    /// Its name, at most 63 bytes.
    public let name: String
    /// Its type number.
    public let typeID: UInt32
    /// How its elements are stored.
    public let type: StorageType
    /// Its sizes, outermost first.
    public let shape: [Int]
    /// The bytes of its data, without padding.
    public let byteCount: Int

    /// A tensor of one of the types that are written.
    ///
    /// - Throws: `usage` for a type with no single block format; `malformed` when a row is no whole
    ///   number of blocks.
    public init(_ name: String, _ type: GGMLType, shape: [Int]) throws(FormatError) {
      guard type.readings.count == 1, let storage = type.readings.first else {
        throw FormatError(.usage, "the type \(type.name) has no single block format")
          .located(tensor: name)
      }
      self.name = name
      self.typeID = type.id
      self.type = storage
      self.shape = shape
      byteCount = try locating(tensor: name) { () throws(FormatError) in
        try GGUFSize.byteCount(shape, as: storage)
      }
    }

    /// A tensor just as a file holds it, whatever its type means.
    public init(_ tensor: GGUFTensor) {
      name = tensor.info.name
      typeID = tensor.typeID
      type = tensor.info.type
      shape = tensor.info.shape
      byteCount = tensor.info.range.count
    }
  }

  /// Everything before the tensor data, padding included.
  public let header: [UInt8]
  /// Where each tensor goes, in the order given, counted from the start of the file. What lies
  /// between the ranges and after the last one is zero padding.
  public let placements: [TensorInfo]
  /// What tensor data is aligned to.
  public let alignment: Int
  /// The bytes of the whole file, with the padding after the last tensor.
  public let fileByteCount: Int

  /// Plans a file.
  ///
  /// - Parameters:
  ///   - metadata: Keys and values, written in their order. `general.alignment` counts.
  ///   - tensors: The tensors, written in their order.
  /// - Throws: `malformed` or `limit` for what readers would refuse: an empty or long key, a name
  ///   twice or of more than 63 bytes, more than four dimensions; what reading an array throws.
  public init(metadata: GGUFMetadata, tensors: [Tensor]) throws(FormatError) {
    alignment = try metadata.alignment()
    try Self.checkNames(tensors)
    var writer = ByteWriter()
    writer.append(GGUFHeaderReader.magic)
    writer.append(UInt32(3))
    writer.append(UInt64(tensors.count))
    writer.append(UInt64(metadata.entries.count))
    for entry in metadata.entries { try writer.append(entry) }
    var offset = 0
    var offsets: [Int] = []
    for tensor in tensors {
      writer.append(tensor, at: offset)
      offsets.append(offset)
      let end = try offset.adding(tensor.byteCount, "the end of tensor '\(tensor.name)'")
      offset = try end.aligned(to: alignment, "the end of tensor '\(tensor.name)'")
    }
    writer.pad(to: alignment)
    header = writer.bytes
    let dataOffset = writer.bytes.count
    fileByteCount = try dataOffset.adding(offset, "the size of the file")
    placements = zip(tensors, offsets).map { tensor, offset in
      let start = dataOffset + offset
      return TensorInfo(
        name: tensor.name, type: tensor.type, shape: tensor.shape,
        range: start..<start + tensor.byteCount)
    }
  }

  /// The longest name that is written: ggml keeps a terminator in the same 64 bytes.
  static let nameByteCount = 63
  /// The most sizes that are written: as many as ggml has.
  static let rank = 4

  /// What readers demand of names and shapes.
  static func checkNames(_ tensors: [Tensor]) throws(FormatError) {
    var names: Set<ByteString> = []
    for tensor in tensors {
      let name = ByteString(tensor.name)
      guard name.bytes.count <= nameByteCount else {
        throw Limit.exceededInWriting(
          "the name has \(name.bytes.count) bytes", nameByteCount
        ).located(tensor: tensor.name)
      }
      guard names.insert(name).inserted else {
        throw FormatError(.malformed, "there are two tensors of this name")
          .located(tensor: tensor.name)
      }
      guard tensor.shape.count <= rank, !tensor.shape.contains(where: { $0 < 0 }) else {
        throw FormatError(
          .malformed, "the shape \(tensor.shape) is not one of 0 to \(rank) sizes"
        ).located(tensor: tensor.name)
      }
    }
  }
}
