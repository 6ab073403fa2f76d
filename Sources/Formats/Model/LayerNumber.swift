/// The part of a tensor's name, between dots, that is the number of its layer: the 12 of
/// `blk.12.attn_q.weight`.
package struct LayerNumber: Sendable {
  /// The number.
  package let value: Int
  /// Where in the name's bytes it starts.
  private let start: Int
  /// More digits than that are no layer's number: more than any model needs, less than overflows.
  static let mostDigits = 6

  /// Finds the first part that is a number, or `nil` where none is. Goes through the bytes once: there
  /// can be 100,000 names of many parts each.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - parents: What the part before it must be; any, or none at all, where they are not given.
  package init?(in name: String, behind parents: [ByteString]? = nil) {
    let bytes = name.utf8
    var parent = bytes.prefix(0)
    var part = bytes.startIndex
    var (value, start, end, isNumber) = (0, 0, 0, true)
    func isFound() -> Bool {
      isNumber && end > start
        && parents?.contains { $0.bytes.elementsEqual(parent) } ?? true
    }
    for index in bytes.indices {
      let byte = bytes[index]
      if byte == UInt8(ascii: ".") {
        if isFound() { break }
        parent = bytes[part..<index]
        part = bytes.index(after: index)
        (value, start, isNumber) = (0, end + 1, true)
      } else if isNumber {
        isNumber = (0x30...0x39).contains(byte) && end - start < Self.mostDigits
        if isNumber { value = 10 * value + Int(byte - 0x30) }
      }
      end += 1
    }
    guard isFound() else { return nil }
    (self.value, self.start) = (value, start)
  }

  /// A name that has a number at this place, with `N` for it.
  package func leftOpen(in name: String) -> String {
    let bytes = name.utf8
    let first = bytes.index(bytes.startIndex, offsetBy: start)
    let end = bytes[first...].firstIndex(of: UInt8(ascii: ".")) ?? bytes.endIndex
    return name[..<first] + "N" + name[end...]
  }
}
