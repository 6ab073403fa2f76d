@testable import Formats

/// A model that breaks a rule, made by a test.
struct Provocation: Sendable, CustomStringConvertible {
  let id: String
  var profile = Profile.spec
  let make: @Sendable (TemporaryFolder) throws -> String

  init(
    _ id: String, for profile: Profile = .spec,
    _ make: @escaping @Sendable (TemporaryFolder) throws -> String
  ) {
    self.id = id
    self.profile = profile
    self.make = make
  }

  var description: String { "\(id) for \(profile.rawValue)" }

  static let all =
    files + ggufHeaders + ggufData + ggufModels + safetensors + indices + configurations
    + tokenizers + quantized + values

  /// A small GGUF, changed.
  static func gguf(
    _ id: String, for profile: Profile = .spec,
    _ change: @escaping @Sendable (inout GGUFBuilder) -> Void
  ) -> Provocation {
    Provocation(id, for: profile) { folder in
      var builder = GGUFBuilder()
      builder.add("general.architecture", 8, builder.encoded("none"))
      builder.add(tensor: "a", [8], 0, bytes: 32)
      change(&builder)
      return try folder.write("model.gguf", builder.bytes)
    }
  }

  /// A fixture's GGUF, changed.
  static func model(
    _ id: String, for profile: Profile = .spec, _ fixture: String = "micro/q1_0.gguf",
    _ change: @escaping @Sendable (inout EditedGGUF) -> Void
  ) -> Provocation {
    Provocation(id, for: profile) { folder in
      var edited = try EditedGGUF(fixture)
      change(&edited)
      return try edited.write(to: folder)
    }
  }

  /// A fixture's directory, changed.
  static func directory(
    _ id: String, for profile: Profile = .spec, _ fixture: String = "micro/fp16",
    _ change: @escaping @Sendable (inout EditedDirectory) -> Void
  ) -> Provocation {
    Provocation(id, for: profile) { folder in
      var edited = try EditedDirectory(fixture)
      change(&edited)
      return try edited.write(to: folder)
    }
  }

  /// A safetensors file of this header.
  static func header(
    _ id: String, for profile: Profile = .spec, _ header: String, bytes: Int = 0
  ) -> Provocation {
    Provocation(id, for: profile) { folder in
      try folder.write("model.safetensors", file(header, bytes))
    }
  }
}

private func file(_ header: String, _ count: Int) -> [UInt8] {
  safetensors(header, dataByteCount: count)
}
