/// What a safetensors file will be: its header, and where the data of each tensor goes. No data, no
/// input or output; the same tensors give the same plan whatever their order.
/// Specs/safetensors.md §5.
public struct SafetensorsPlan: Sendable {
  /// A tensor to be written.
  public struct Tensor: Sendable, Hashable {
    /// The name.
    public var name: String
    /// One of the types that safetensors has.
    public var type: StorageType
    /// Sizes, outermost first.
    public var shape: [Int]

    /// Makes a tensor's description.
    public init(name: String, type: StorageType, shape: [Int]) {
      self.name = name
      self.type = type
      self.shape = shape
    }
  }

  /// The file's first bytes: the header's length, its JSON text, padding.
  public let header: [UInt8]
  /// The tensors in the order of their data; ranges count from the start of the file.
  public let tensors: [TensorInfo]
  /// Where each of the tensors that were given is among them.
  let places: [Int]
  /// The length of the file.
  public let fileByteCount: Int

  /// Plans a file.
  ///
  /// - Throws: ``FormatError`` with code `unsupported` for a type that safetensors does not have,
  ///   `usage` for names that appear twice and bad shapes, `limit` for what ``SafetensorsFile``
  ///   would not read again.
  public init(
    _ tensors: [Tensor], metadata: SafetensorsMetadata = [:]
  ) throws(FormatError) {
    let order = try Self.order(tensors, metadata)
    var places = Array(repeating: 0, count: tensors.count)
    for (place, number) in order.enumerated() { places[number] = place }
    self.places = places
    var placed: [TensorInfo] = []
    placed.reserveCapacity(tensors.count)
    var end = 0
    for tensor in order.lazy.map({ tensors[$0] }) {
      let start = end
      try locating(tensor: tensor.name) { () throws(FormatError) in
        end = try start.adding(tensor.byteCount(), "the offset of the data's end")
      }
      placed.append(
        TensorInfo(name: tensor.name, type: tensor.type, shape: tensor.shape, range: start..<end))
    }
    let header = try Self.header(placed, metadata)
    for index in placed.indices {
      let range = placed[index].range
      let start = try header.count.adding(range.lowerBound, "the offset of the data")
      let stop = try header.count.adding(range.upperBound, "the offset of the data's end")
      placed[index].range = start..<stop
    }
    self.header = header
    self.tensors = placed
    fileByteCount = try header.count.adding(end, "the length of the file")
  }
}

extension SafetensorsPlan.Tensor {
  /// The bytes of the tensor's data.
  ///
  /// - Throws: ``FormatError`` with code `usage` for a negative size, a shape whose elements fill no
  ///   whole bytes, and a number that overflows.
  public func byteCount() throws(FormatError) -> Int {
    if let size = shape.first(where: { $0 < 0 }) {
      throw FormatError(.usage, "a size in shape is negative: \(size)")
    }
    do {
      return try SafetensorsTypes.byteCount(type, shape)
    } catch {
      throw FormatError(.usage, error.message)
    }
  }
}
