/// Where two documents differ, by the paths of their members.
///
/// Paths are made where something differs, and cut: each of 50,000 members could have a name of half a
/// megabyte above it.
struct JSONDifference {
  private(set) var changes: [ModelDifference.Change] = []
  /// What only the second one has, which comes last.
  private var added: [ModelDifference.Change] = []
  /// The names that lead to what is compared.
  private var path: [String] = []

  /// The longest path.
  private static let pathLength = 200

  /// What the second document says otherwise than the first, in the order of the first.
  static func changes(
    _ first: JSONValue, _ second: JSONValue
  ) -> [ModelDifference.Change] {
    var difference = JSONDifference()
    difference.compare(first, second)
    return difference.changes + difference.added
  }

  private mutating func compare(_ first: JSONValue, _ second: JSONValue) {
    guard case .object(let members) = first, case .object(let others) = second else {
      if first != second { changes.append(change(first, second)) }
      return
    }
    let (known, new) = (first.membersByName, second.membersByName)
    for member in members {
      path.append(member.name)
      if let other = new[ByteString(member.name)] {
        compare(member.value, other)
      } else {
        add(member.value, to: \.changes) { ($0, nil) }
      }
      path.removeLast()
    }
    for member in others where known[ByteString(member.name)] == nil {
      path.append(member.name)
      add(member.value, to: \.added) { (nil, $0) }
      path.removeLast()
    }
  }

  /// The members of an object, and of the objects in it, that only one document has.
  private mutating func add(
    _ value: JSONValue, to list: WritableKeyPath<JSONDifference, [ModelDifference.Change]>,
    _ pair: (JSONValue) -> (JSONValue?, JSONValue?)
  ) {
    guard case .object(let members) = value, !members.isEmpty else {
      let (first, second) = pair(value)
      self[keyPath: list].append(change(first, second))
      return
    }
    for member in members {
      path.append(member.name)
      add(member.value, to: list, pair)
      path.removeLast()
    }
  }

  private func change(_ first: JSONValue?, _ second: JSONValue?) -> ModelDifference.Change {
    var name = path.map { $0.cut(to: Self.pathLength) }.joined(separator: ".")
    if path.count > 1, name.utf8.count > Self.pathLength {
      // The last name tells more than those above it.
      let last = (path.last ?? "").cut(to: Self.pathLength / 2)
      name = name.cut(to: Self.pathLength / 2) + "." + last
    }
    return .init(name: name, first: first, second: second)
  }
}
