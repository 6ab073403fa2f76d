/// In what order a source can be read.
public enum ByteAccess: Sendable, Hashable {
  /// In any: a file, memory.
  case direct
  /// In any; each read decompresses what lies around it: a zstd file with a seek table.
  case framed
  /// Front to back, with a look back over little: a zstd file without a seek table.
  case forward
  /// Front to back, each byte once: a pipe.
  case once
}
