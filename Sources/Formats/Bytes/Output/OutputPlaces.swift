/// Where an output will be, and the two hidden names beside it that it may have in the meantime.
package struct OutputPlaces: Sendable, Hashable {
  /// The final path.
  package let path: String

  private static let suffix = ".bonsai-fmt-partial"
  private static let asideSuffix = "-old"

  package init(_ path: String) { self.path = path }

  /// Those of a path as somebody asked for it.
  ///
  /// - Throws: `usage` for one that ends in no name.
  init(of path: String) throws(FormatError) {
    let path = Paths.trimmingSlashes(path)
    let name = Paths.name(of: path)
    guard name != "..", name != ".", name != "/" else {
      throw FormatError(.usage, "the output needs a name of its own").located(file: path)
    }
    self.init(path)
  }

  /// The output that a hidden name belongs to, in its directory; `nil` for any other name.
  init?(hiddenName name: String, in directory: String) {
    var rest = Substring(name).utf8
    if rest.ends(with: Self.asideSuffix) { rest.removeLast(Self.asideSuffix.utf8.count) }
    guard rest.first == UInt8(ascii: "."), rest.ends(with: Self.suffix) else { return nil }
    rest = rest.dropFirst().dropLast(Self.suffix.utf8.count)
    guard !rest.isEmpty else { return nil }
    path = Paths.join(directory, String(Substring(rest)))
  }

  /// Where the output is written until it is committed.
  package var hidden: String {
    Paths.join(Paths.parent(of: path), ".\(Paths.name(of: path))\(Self.suffix)")
  }

  /// Where what is replaced waits, if the file system cannot exchange two names.
  package var aside: String { hidden + Self.asideSuffix }
}

extension Substring.UTF8View {
  fileprivate func ends(with text: String) -> Bool {
    count >= text.utf8.count && suffix(text.utf8.count).elementsEqual(text.utf8)
  }
}
