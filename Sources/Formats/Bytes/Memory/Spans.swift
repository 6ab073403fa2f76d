#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// The places where raw memory is looked at. Every access is checked against the span's bounds;
// `unsafe` is spelled where the standard library cannot know that any bit pattern is a valid integer.

extension [UInt8] {
  /// Lends the array's bytes.
  @inline(__always)
  func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(unsafe span.bytes)
  }

  /// Lends the array's bytes for writing.
  @inline(__always)
  mutating func withMutableBytes<Result, Failure: Error>(
    _ body: (inout MutableRawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var elements = mutableSpan
    var bytes = unsafe elements.mutableBytes
    return try body(&bytes)
  }

  /// Appends a span's bytes.
  @inline(__always)
  mutating func append(_ other: RawSpan) {
    unsafe other.withUnsafeBytes { unsafe append(contentsOf: $0) }
  }
}

extension String {
  /// Lends the text's UTF-8.
  @inline(__always)
  func withBytes<Result, Failure: Error>(
    _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let span = utf8.span
    return try body(unsafe span.bytes)
  }
}

extension [UInt8] {
  /// Whether another array holds the same bytes: by the system's comparison, for the standard
  /// library's goes byte by byte.
  func hasSameBytes(as other: [UInt8]) -> Bool {
    guard count == other.count else { return false }
    return withBytes { one in
      other.withBytes { other in
        unsafe one.withUnsafeBytes { one in
          unsafe other.withUnsafeBytes { other in
            guard let left = one.baseAddress, let right = other.baseAddress else { return true }
            return unsafe memcmp(left, right, one.count) == 0
          }
        }
      }
    }
  }
}

extension MutableSpan<UInt8> {
  /// Lends the span's bytes for writing.
  mutating func withMutableBytes<Result, Failure: Error>(
    _ body: (inout MutableRawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var bytes = unsafe mutableBytes
    return try body(&bytes)
  }
}

extension RawSpan {
  /// The byte at an offset.
  @inline(__always)
  func byte(at offset: Int) -> UInt8 {
    unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }

  /// The little-endian integer at an offset, which need not be aligned.
  @inline(__always)
  func load<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ offset: Int, as type: Integer.Type
  ) -> Integer {
    Integer(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: type))
  }
}

extension RawSpan {
  /// The vector at an offset, in the machine's order, which is little-endian.
  @inline(__always)
  func loadVector<Vector: SIMD & BitwiseCopyable>(
    _ offset: Int, as type: Vector.Type
  ) -> Vector {
    unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: type)
  }
}

extension MutableRawSpan {
  /// Writes a little-endian integer at an offset, which need not be aligned.
  @inline(__always)
  mutating func store<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ value: Integer, at offset: Int
  ) {
    storeBytes(of: value.littleEndian, toByteOffset: offset, as: Integer.self)
  }

  /// Writes a vector of integers at an offset, in the machine's order, which is little-endian.
  @inline(__always)
  mutating func storeVector<Vector: SIMD & BitwiseCopyable>(_ value: Vector, at offset: Int) {
    storeBytes(of: value, toByteOffset: offset, as: Vector.self)
  }

  /// Copies `count` bytes of `source`, beginning at `start`, to `target` in this span.
  @inline(__always)
  mutating func copy(_ source: RawSpan, from start: Int, count: Int, to target: Int) {
    var destination = _mutatingExtracting(target..<target + count)
    unsafe destination.withUnsafeMutableBytes { destination in
      unsafe source.extracting(start..<start + count).withUnsafeBytes { source in
        unsafe destination.copyMemory(from: source)
      }
    }
  }
}
