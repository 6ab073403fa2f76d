/// What a file with tensors is called in an output that has no name yet.
enum OutputName: Sendable, Hashable {
  /// By a name of its own, in the directory.
  case fixed(String)
  /// As the output itself, which is this file.
  case output
  /// After the directory that it lies in, as one of several files of a GGUF.
  case shard(Int, of: Int)

  /// The name in the output of that path.
  ///
  /// - Parameter isCompressed: Files of a directory then end in `.zst`; a file that is the output has the
  ///   name that it was given.
  func text(in path: String, isCompressed: Bool = false) -> String {
    let name = Paths.name(of: path)
    let ending = isCompressed ? Paths.zstdSuffix : ""
    return switch self {
    case .fixed(let name): name + ending
    case .output: name
    case .shard(let index, let count):
      Self.shard(isCompressed ? Paths.withoutZstdSuffix(name) ?? name : name, index, count) + ending
    }
  }

  private static func shard(_ directory: String, _ index: Int, _ count: Int) -> String {
    let prefix = directory.dropping(suffix: ".gguf") ?? directory
    return GGUFSplitName(prefix: prefix, index: index, count: count).path
  }
}
