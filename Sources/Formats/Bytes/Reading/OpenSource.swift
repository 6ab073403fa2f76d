/// The bytes at a path, decompressed where they are compressed: known by the first bytes, not by the
/// name.
func openSource(_ path: String, _ limits: Limits) throws(FormatError) -> any ByteSource {
  try decompressed(FileSource(path: path), limits)
}

/// The bytes of a file of a directory, decompressed likewise.
func openSource(
  member name: String, of directory: String, _ limits: Limits
) throws(FormatError) -> any ByteSource {
  try decompressed(FileSource(member: name, of: directory), limits)
}

/// The content of a zstd file, and any other source as it is.
///
/// A seek table is used where its frames are small enough to be held in memory, and not so small that
/// finding them is the work.
func decompressed(
  _ source: any ByteSource, _ limits: Limits = .standard
) throws(FormatError) -> any ByteSource {
  guard try ZstdFrameHeader.begins(source.prefix(4)) else { return source }
  if let table = try SeekTable(of: source, limits: limits), table.hasSmallFrames, !table.isTooFine {
    let content = SeekableSource(source, table)
    try content.checkTrailing()
    return content
  }
  return try ZstdSource(source)
}
