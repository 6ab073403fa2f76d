/// What a file with tensors is called in an output that has no name yet.
enum OutputName: Sendable, Hashable {
  /// By a name of its own, in the directory.
  case fixed(String)
  /// As the output itself, which is this file.
  case output
  /// After the directory that it lies in, as one of several files of a GGUF.
  case shard(Int, of: Int)

  /// The name in the output of that path.
  func text(in path: String) -> String {
    let name = Paths.name(of: path)
    return switch self {
    case .fixed(let name): name
    case .output: name
    case .shard(let index, let count):
      GGUFSplitName(prefix: name.dropping(suffix: ".gguf") ?? name, index: index, count: count).path
    }
  }
}
