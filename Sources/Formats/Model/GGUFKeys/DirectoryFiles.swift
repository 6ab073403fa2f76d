/// The small files of a directory, each held in memory and limited.
struct DirectoryFiles {
  let directory: String
  var limits = Limits.standard
  /// Remembers what is read.
  var read = ReadFiles()

  func path(_ name: String) -> String { Paths.join(directory, name) }

  /// A file that must be there, of limited size.
  func source(_ name: String, _ limit: Limit) throws(FormatError) -> any ByteSource {
    let source = try FileSource(member: name, of: directory)
    read.add(source)
    let count = source.byteCount ?? 0
    guard count <= limits[limit] else {
      throw limits.exceeded("the file has \(count) bytes", limit).located(file: path(name))
    }
    return source
  }

  /// The members of a document that must be there.
  func needed(_ name: String) throws(FormatError) -> ConfigMembers {
    let source = try source(name, .config)
    let json = try JSONValue(
      parsing: source.bytes(0..<(source.byteCount ?? 0)), name: path(name), limits: limits)
    guard case .object = json else {
      throw FormatError(.malformed, "needed an object").located(file: path(name))
    }
    return ConfigMembers(json, file: path(name), limits: limits)
  }

  /// The members of a document; none where it is not there.
  func members(_ name: String) throws(FormatError) -> ConfigMembers {
    guard try SystemCalls.linkStatus(path(name)) != nil else {
      return ConfigMembers(.object([]), file: path(name), limits: limits)
    }
    do throws(FormatError) {
      return try needed(name)
    } catch {
      throw try error.unlessRemoved(path(name))
    }
  }

  /// A text with its line ends as `\n`, as Python reads it, or `nil` where it is not there.
  /// With a limit it is the beginning of the text, and the file may be longer.
  func text(_ name: String, upTo limit: Int? = nil) throws(FormatError) -> String? {
    guard try SystemCalls.linkStatus(path(name)) != nil else { return nil }
    let source: any ByteSource
    if limit == nil {
      source = try self.source(name, .config)
    } else {
      let file = try FileSource(seen: name, of: directory)
      read.add(file)
      source = file
    }
    var bytes: [UInt8] = []
    var previous: UInt8 = 0
    for byte in try source.bytes(0..<min(source.byteCount ?? 0, limit ?? .max)) {
      if byte == 0x0D {
        bytes.append(0x0A)
      } else if byte != 0x0A || previous != 0x0D {
        bytes.append(byte)
      }
      previous = byte
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension ChatTemplate {
  /// The folder of further templates.
  static let folder = "additional_chat_templates"

  /// The templates of a directory: in `tokenizer_config.json`, in `chat_template.jinja` with further
  /// ones in a folder, or in `chat_template.json`.
  static func all(
    _ files: DirectoryFiles, _ tokenizer: ConfigMembers
  ) throws(FormatError) -> [ChatTemplate] {
    if tokenizer["chat_template"] != nil { return try all(tokenizer) }
    if let text = try files.text("chat_template.jinja") {
      return try [ChatTemplate(name: "default", text: text)] + further(files)
    }
    return try all(files.members("chat_template.json"))
  }

  /// The member `chat_template`: a text, or a list of names and texts.
  private static func all(_ members: ConfigMembers) throws(FormatError) -> [ChatTemplate] {
    switch members["chat_template"] {
    case nil: return []
    case .string(let text): return [ChatTemplate(name: "default", text: text)]
    case .array(let elements):
      return try elements.map { (element) throws(FormatError) in
        guard case .string(let name)? = element["name"],
          case .string(let text)? = element["template"], !name.isEmpty
        else {
          throw members.error(
            .malformed, "chat_template", "must have a 'name' and a 'template' in each element")
        }
        return ChatTemplate(name: keyPart(name), text: text)
      }
    default: throw members.mismatch("chat_template", "a string or a list")
    }
  }

  private static func further(_ files: DirectoryFiles) throws(FormatError) -> [ChatTemplate] {
    var templates: [ChatTemplate] = []
    for path in try furtherFiles(in: files.directory) {
      guard let text = try files.text(path) else { continue }
      let name = Paths.name(of: path)
      templates.append(
        ChatTemplate(name: keyPart(name.dropping(suffix: ".jinja") ?? name), text: text))
    }
    return templates
  }

  /// The files of further templates, in byte order, by their paths in the directory.
  ///
  /// - Throws: `unsupported` for a folder that is a link, for it may lead anywhere.
  static func furtherFiles(in directory: String) throws(FormatError) -> [String] {
    let path = Paths.join(directory, folder)
    guard let status = try SystemCalls.linkStatus(path) else { return [] }
    guard status.isDirectory else {
      guard try SystemCalls.linkTarget(path) == nil else {
        throw FormatError(
          .unsupported,
          "the folder is a link, which may lead out of its directory; a copy of what "
            + "it leads to can be read"
        ).located(file: path)
      }
      return []
    }
    return try SystemCalls.openableNames(in: path) { $0.dropping(suffix: ".jinja") != nil }
      .map { Paths.join(folder, $0) }
  }

  /// A name as a key may have it: letters and digits of ASCII, and underscores for all else.
  private static func keyPart(_ name: String) -> String {
    let scalars = name.unicodeScalars.map { scalar -> Unicode.Scalar in
      let isKept = scalar.isASCII && (scalar.properties.isAlphabetic || "0"..."9" ~= scalar)
      return isKept ? scalar : "_"
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
