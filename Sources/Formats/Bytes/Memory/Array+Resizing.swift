#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension [UInt8] {
  /// Makes the count exactly this, with zeros at the end, without giving memory back.
  mutating func resize(to newCount: Int) {
    let added = newCount - count
    guard added > 0 else { return removeLast(-added) }
    // Buffers of tiles shrink and grow all the time. By the system's own function, for the standard
    // library's would take hundreds of times as long in debug builds.
    append(addingCapacity: added) { span in
      unsafe span.withUnsafeMutableBufferPointer { buffer, count in
        guard let start = buffer.baseAddress else { return }
        unsafe memset(start + count, 0, added)
        count += added
      }
    }
  }
}
