@testable import Formats

/// A fixture's directory taken apart, so that a test can change it and write it anew as one file.
struct EditedDirectory {
  struct Tensor {
    var name: String
    var type: StorageType
    var shape: [Int]
    var bytes: [UInt8]

    /// The 16 bits at an element of an F16 tensor.
    subscript(half index: Int) -> UInt16 {
      get { UInt16(bytes[index * 2]) | UInt16(bytes[index * 2 + 1]) << 8 }
      set {
        bytes[index * 2] = UInt8(truncatingIfNeeded: newValue)
        bytes[index * 2 + 1] = UInt8(truncatingIfNeeded: newValue >> 8)
      }
    }
  }

  let fixture: String
  var tensors: [Tensor]
  var config: JSONValue
  /// Files beside those of the fixture.
  var files: [(name: String, text: String)] = []
  /// Spaces after the header: the data may begin at any byte.
  var spaces = 0

  init(_ fixture: String) throws {
    self.fixture = fixture
    let path = Fixture.path(fixture)
    let file = try SafetensorsFile(FileSource(path: path + "/model.safetensors"))
    tensors = try file.tensors.map {
      Tensor(
        name: $0.name, type: $0.type, shape: $0.shape, bytes: try file.source.bytes($0.range))
    }
    let bytes = try Fixture.bytes(fixture + "/config.json")
    config = try JSONValue(parsing: bytes, name: "config.json")
  }

  /// Changes every tensor whose name ends so.
  mutating func edit(_ suffix: String, _ change: (inout Tensor) -> Void) {
    for index in tensors.indices where tensors[index].name.hasSuffix(suffix) {
      change(&tensors[index])
    }
  }

  /// Sets a member of `config.json`, or takes it away.
  mutating func set(_ name: String, _ value: JSONValue?) { config = config.with(name, value) }

  func tensor(_ name: String) -> Tensor? { tensors.first { $0.name == name } }

  @discardableResult
  func write(to folder: TemporaryFolder, as name: String = "model") throws -> String {
    let own: Set = ["model.safetensors", "model.safetensors.index.json", "config.json"]
    let path = try folder.copy(fixture, as: name, leavingOut: own)
    try folder.write("\(name)/config.json", config.serialized(indent: 2))
    for file in files { try folder.write("\(name)/\(file.name)", Array(file.text.utf8)) }
    let plan = try SafetensorsPlan(
      tensors.map { .init(name: $0.name, type: $0.type, shape: $0.shape) })
    var length = ByteWriter()
    length.append(UInt64(plan.header.count - 8 + spaces))
    var bytes = length.bytes + plan.header.dropFirst(8)
    bytes += [UInt8](repeating: UInt8(ascii: " "), count: spaces)
    for info in plan.tensors { bytes += tensor(info.name)?.bytes ?? [] }
    try folder.write("\(name)/model.safetensors", bytes)
    return path
  }
}

extension JSONValue {
  /// The same object with a member replaced, added or, with `nil`, taken away.
  func with(_ name: String, _ value: JSONValue?) -> JSONValue {
    guard case .object(var members) = self else { return self }
    let index = members.firstIndex { $0.name == name } ?? members.count
    if index < members.count { members.remove(at: index) }
    if let value { members.insert(Member(name, value), at: index) }
    return .object(members)
  }
}
