/// A tensor as a container stores it: a name, a type, a shape and a range of bytes. No data.
public struct TensorInfo: Sendable, Hashable {
  /// The name in the file. Compare names by their bytes: see ``ByteString``.
  public var name: String
  /// How the elements are stored.
  public var type: StorageType
  /// Sizes, outermost first, as numpy and Hugging Face print them; `[out, in]` for a linear weight.
  public var shape: [Int]
  /// Where the data lies, counted from the start of the file.
  public var range: Range<Int>

  /// Makes a tensor's description.
  public init(name: String, type: StorageType, shape: [Int], range: Range<Int>) {
    self.name = name
    self.type = type
    self.shape = shape
    self.range = range
  }
}
