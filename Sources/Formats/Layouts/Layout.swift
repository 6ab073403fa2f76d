/// How the weights of one tensor are written down: its parts, and what they mean together.
///
/// A layout knows nothing of containers and names. Layouts are the nodes of the
/// ``ConversionGraph``; ``Layouts/all`` lists them.
public struct Layout: Sendable, Hashable {
  /// The layout's name in messages and reports.
  public var name: String { description.name }
  /// The stored arrays, in the order in which a tile holds them.
  public var parts: [Part] { description.parts }
  /// Weights that share a scale, or `nil` where there are no scales.
  public var groupSize: Int? { description.groupSize }

  /// Shared by all copies: each of 100,000 tensors has a layout, and there are few.
  private let description: Description

  private final class Description: Sendable {
    let name: String
    let parts: [Part]
    let groupSize: Int?

    init(_ name: String, _ parts: [Part], _ groupSize: Int?) {
      self.name = name
      self.parts = parts
      self.groupSize = groupSize
    }
  }

  /// Makes a layout.
  public init(_ name: String, parts: [Part], groupSize: Int? = nil) {
    description = Description(name, parts, groupSize)
  }

  /// Whether two layouts are the same in all that they say.
  public static func == (one: Layout, other: Layout) -> Bool {
    one.description === other.description
      || (one.name == other.name && one.groupSize == other.groupSize && one.parts == other.parts)
  }

  /// Feeds the name, which few layouts share.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }

  /// A layout of one part in a container's own type, without any conversion.
  public init(opaque type: StorageType) {
    self.init(
      type.name,
      parts: [
        Part(
          "weight", type, inputs: max(type.blockSize, 1), unitByteCount: type.blockByteCount)
      ],
      groupSize: type.blockSize > 1 ? type.blockSize : nil)
  }

  /// Whether the inputs are outermost, so that rows of the matrix are scattered over the file.
  public var isTransposed: Bool { parts.contains(where: \.isTransposed) }

  /// Output rows that cannot be torn apart.
  public var rowUnit: Int { parts.map(\.outputs).max() ?? 1 }

  /// Input columns that cannot be torn apart.
  public var columnUnit: Int { parts.map(\.inputs).max() ?? 1 }

  /// Whether matrices of that shape can be written in this layout.
  public func fits(_ shape: MatrixShape) -> Bool {
    shape.rows % rowUnit == 0 && shape.columns % columnUnit == 0
  }

  /// The bytes of a packed tile; `Int.max` where they are beyond 63 bits.
  public func byteCount(of tile: Tile) -> Int {
    parts.reduce(0) {
      let (sum, overflow) = $0.addingReportingOverflow($1.byteCount(of: tile.shape))
      return overflow ? .max : sum
    }
  }

  /// The bytes of a whole tensor, all parts together.
  public func byteCount(of shape: MatrixShape) -> Int { byteCount(of: shape.whole) }

  /// Bits per weight, scales included.
  public var bitsPerWeight: Double {
    parts.reduce(0) { $0 + Double($1.unitByteCount * 8) / Double($1.outputs * $1.inputs) }
  }
}

/// The layouts of containers' own types, each made once: a model of many tensors shares them.
struct OpaqueLayouts {
  private var layouts: [StorageType: Layout] = [:]
  /// As a rule many tensors of one type follow each other.
  private var last: (type: StorageType, layout: Layout)?

  subscript(_ type: StorageType) -> Layout {
    mutating get {
      if let last, last.type == type { return last.layout }
      let layout = layouts[type] ?? Layout(opaque: type)
      layouts[type] = layout
      last = (type, layout)
      return layout
    }
  }
}
