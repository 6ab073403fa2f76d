import Testing

@testable import Formats

/// A broken input, and what is said about it.
struct HostileCase: Sendable {
  let name: String
  let code: FormatError.Code
  /// Part of the message.
  let said: String
  /// The whole of the input, where it is one file.
  var file: [UInt8]?
  /// Opens it as a user would.
  let open: @Sendable (TemporaryFolder) throws -> Void

  init(
    _ name: String, _ code: FormatError.Code, _ said: String,
    _ open: @escaping @Sendable (TemporaryFolder) throws -> Void
  ) {
    self.name = name
    self.code = code
    self.said = said
    self.open = open
  }

  /// A single file, opened by its path.
  init(
    _ name: String, _ code: FormatError.Code, _ said: String, file: [UInt8]
  ) {
    self.init(name, code, said) { _ = try Model(opening: $0.write("input", file)) }
    self.file = file
  }

  /// How it ends.
  func error() throws -> FormatError? {
    let folder = try TemporaryFolder()
    do {
      try open(folder)
      return nil
    } catch {
      return error as? FormatError
    }
  }
}

/// The corpus: inputs that are made here, one for every way in which one can be wrong, in several
/// variants.
enum HostileCorpus {
  static let all: [HostileCase] = files + directories

  static let files = ggufFiles + safetensorsFiles + zstd + seekTables

  static let directories =
    json + indexes + splits + configurations + tokenizers + quantized + metadata + vocabularies
    + weights + streams + special + writing
}
