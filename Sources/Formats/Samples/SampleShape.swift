/// The dimensions of a model that can be made up on the spot.
public struct SampleShape: Sendable, Hashable {
  /// What the command line calls it.
  public let name: String
  /// Width of the residual stream.
  public let hiddenSize: Int
  /// Layers.
  public let layerCount: Int
  /// Width of the feed-forward part.
  public let intermediateSize: Int
  /// Query heads.
  public let headCount: Int
  /// Key and value heads.
  public let keyValueHeadCount: Int
  /// Rows of the embedding.
  public let vocabularySize: Int
  /// Whether the output matrix is the embedding.
  public let tiesEmbeddings: Bool
  /// Positions, and those of the original model where YaRN stretches them.
  public let contextLength: Int
  /// Positions before YaRN stretched them, or `nil` without YaRN.
  public let originalContextLength: Int?

  /// Size of a head.
  public var headDimension: Int { 128 }

  /// Small enough for tests.
  public static let micro = SampleShape(
    name: "micro", hiddenSize: 128, layerCount: 2, intermediateSize: 256, headCount: 2,
    keyValueHeadCount: 1, vocabularySize: 512, tiesEmbeddings: false, contextLength: 256,
    originalContextLength: nil)

  /// The published sizes, each with its own dimensions; Specs/names.md §1.
  public static let all = [
    micro,
    SampleShape(
      name: "1.7b", hiddenSize: 2048, layerCount: 28, intermediateSize: 6144, headCount: 16,
      keyValueHeadCount: 8, vocabularySize: 151_669, tiesEmbeddings: true, contextLength: 32_768,
      originalContextLength: nil),
    SampleShape(
      name: "4b", hiddenSize: 2560, layerCount: 36, intermediateSize: 9728, headCount: 32,
      keyValueHeadCount: 8, vocabularySize: 151_669, tiesEmbeddings: true, contextLength: 32_768,
      originalContextLength: nil),
    SampleShape(
      name: "8b", hiddenSize: 4096, layerCount: 36, intermediateSize: 12_288, headCount: 32,
      keyValueHeadCount: 8, vocabularySize: 151_669, tiesEmbeddings: false, contextLength: 65_536,
      originalContextLength: 16_384),
  ]

  func size(of dimension: NameTable.Dimension) -> Int {
    switch dimension {
    case .vocabulary: vocabularySize
    case .hidden: hiddenSize
    case .intermediate: intermediateSize
    case .queries: headCount * headDimension
    case .keyValues: keyValueHeadCount * headDimension
    case .head: headDimension
    }
  }

  /// The tensors in the order of the published files: those without a layer first, then layer by
  /// layer, by the bytes of their names; Specs/gguf.md §13.
  func tensors() -> [(name: String, shape: [Int])] {
    let table = NameTable.qwen3
    let outside = table.rows.filter { !$0.gguf.isPerLayer && !($0.isOptional && tiesEmbeddings) }
    let inside = table.rows.filter(\.gguf.isPerLayer)
    let sorted = { (rows: [NameTable.Row], layer: Int?) in
      rows.map { (name: $0.gguf.name(layer: layer), shape: $0.shape.map(size(of:))) }
        .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }
    return sorted(outside, nil) + (0..<layerCount).flatMap { sorted(inside, $0) }
  }
}
