@testable import Formats

/// A file of this header text and so many bytes of data.
func safetensors(_ header: String, dataByteCount: Int = 0) -> [UInt8] {
  var bytes = ByteWriter()
  bytes.append(UInt64(header.utf8.count))
  bytes.append(header.utf8)
  bytes.append((0..<dataByteCount).map { UInt8(truncatingIfNeeded: $0) })
  return bytes.bytes
}

func open(_ bytes: [UInt8]) throws(FormatError) -> SafetensorsFile {
  try SafetensorsFile(MemorySource(bytes, name: "f"))
}

/// Whether the file keeps what a reader promises: each tensor begins where the one before ends, the
/// first at the data, the last at the file's end; sizes agree; names are unique.
func isConsistent(_ file: SafetensorsFile) throws -> Bool {
  var end = file.dataOffset
  for tensor in file.tensors {
    guard tensor.range.lowerBound == end,
      try SafetensorsTypes.byteCount(tensor.type, tensor.shape) == tensor.range.count
    else { return false }
    end = tensor.range.upperBound
  }
  let names = Set(file.tensors.map { ByteString($0.name) })
  return end == file.source.byteCount && names.count == file.tensors.count
}

/// Bytes whose number is not told.
struct EndlessSource: ByteSource {
  let bytes: [UInt8]
  var name: String { "endless" }
  var byteCount: Int? { nil }

  func read(at offset: Int, into destination: inout MutableRawSpan) throws(FormatError) -> Int {
    try MemorySource(bytes).read(at: offset, into: &destination)
  }
}
