import Testing

@testable import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Files of a directory that lead elsewhere, or are none; Specs/limits.md.
@Suite struct LinkTests {
  static let hash = String(repeating: "0123456789abcdef", count: 4)

  static func link(_ path: String, to target: String) throws {
    try #require(symlink(target, path) == 0)
  }

  /// As huggingface_hub keeps what it has downloaded.
  @Test func theCacheOfHuggingFace() async throws {
    let folder = try TemporaryFolder()
    for name in ["blobs", "snapshots", "snapshots/main"] { try folder.makeFolder(name) }
    let digits = Array("0123456789abcdef")
    for (number, file) in try SystemCalls.list(Fixture.path("micro/fp16")).enumerated() {
      let hash = String(repeating: digits[number], count: 40)
      try folder.write("blobs/\(hash)", Fixture.bytes("micro/fp16/\(file)"))
      try Self.link(folder("snapshots/main/\(file)"), to: "../../blobs/\(hash)")
    }
    _ = try await convert(folder("snapshots/main"), .gguf, to: folder("out.gguf"))
    let same = try folder.bytes("out.gguf") == Fixture.bytes("micro/q1_0.gguf")
    #expect(try GGUFFile(FileSource(path: folder("out.gguf"))).tensors.count == 25 || same)
  }

  /// All of them exist, so that it is the rule that keeps them out.
  @Test(
    "Weights that lie elsewhere are not read, nor copied",
    arguments: [
      "../secret", "../secrets/../secret", "/etc/passwd", "..", "./sub/file",
      // A name that is no hash, one of another length, too few steps up, another folder.
      "../../blobs/secret", "../../blobs/0123abcd", "../blobs/\(hash)", "../../blob/\(hash)",
    ])
  func links(target: String) throws {
    for file in ["model.safetensors", "config.json", "tokenizer.json"] {
      let folder = try TemporaryFolder()
      try folder.makeFolder("deep")
      let path = try folder.copy("micro/fp16", as: "deep/model", leavingOut: [file])
      for name in ["deep/secrets", "deep/blobs", "deep/model/sub", "blobs", "blob"] {
        try folder.makeFolder(name)
      }
      for name in [
        "deep/secret", "deep/model/sub/file", "blobs/secret", "blobs/0123abcd",
        "deep/blobs/\(Self.hash)", "blob/\(Self.hash)",
      ] {
        try folder.write(name, Fixture.bytes("micro/fp16/\(file)"))
      }
      try Self.link(path + "/" + file, to: target)
      try #require(try SystemCalls.status(path + "/" + file) != nil)
      let error = #expect(throws: FormatError.self) {
        let model = try Model(opening: path)
        _ = try Conversion(of: model, to: .gguf)
        _ = try Conversion(of: model, to: .awq)
      }
      #expect(error?.code == .unsupported, "\(file): \(error?.description ?? "")")
      #expect(error?.message.hasPrefix("the file is a link that leads out") == true, "\(file)")
    }
  }

  @Test(
    "A link that leads nowhere is not the same as no file",
    arguments: [
      "config.json", "tokenizer.json", "tokenizer_config.json", "generation_config.json",
      "chat_template.jinja", "README.md", "model.safetensors", "model.safetensors.index.json",
    ])
  func danglingLinks(file: String) throws {
    // A template in tokenizer_config.json would stand before the file of its own.
    let leftOut: Set =
      file == "chat_template.jinja" ? [file, "tokenizer_config.json"] : [file]
    for target in ["missing", "../../blobs/\(Self.hash)"] {
      let folder = try TemporaryFolder()
      let path = try folder.copy("micro/fp16", as: "model", leavingOut: leftOut)
      try Self.link(path + "/" + file, to: target)
      let error = #expect(throws: FormatError.self) {
        _ = try Conversion(of: Model(opening: path), to: .gguf)
      }
      #expect(error?.code == .notFound, "\(error?.description ?? "")")
      #expect(error?.message.hasSuffix("which is missing") == true)
      #expect(error?.location.file == path + "/" + file)
      if file.hasSuffix(".json") {
        #expect(throws: FormatError.self) { try Packing(path, .pack(level: 1)) }
      }
    }
  }

  @Test(arguments: ["config.json", "tokenizer.json", "README.md"])
  func circles(file: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.copy("micro/fp16", as: "model", leavingOut: [file])
    try Self.link(path + "/" + file, to: file)
    let error = #expect(throws: FormatError.self) {
      _ = try Conversion(of: Model(opening: path), to: .gguf)
    }
    #expect(error?.message == "the file is a link that leads back to itself")
  }

  @Test func linksWithinTheDirectory() throws {
    let folder = try TemporaryFolder()
    let path = try folder.copy("micro/fp16", as: "model", leavingOut: ["model.safetensors"])
    try folder.write("model/weights", Fixture.bytes("micro/fp16/model.safetensors"))
    try Self.link(path + "/second", to: "weights")
    try Self.link(path + "/model.safetensors", to: "second")
    #expect(try Model(opening: path).tensors.count == 25)
    try SystemCalls.removeFile(path + "/second")
    try Self.link(path + "/second", to: "model.safetensors")
    #expect(throws: FormatError.self) { try Model(opening: path) }
  }

  /// What the user names may be a link to anywhere.
  @Test func aFileThatIsNamed() throws {
    let folder = try TemporaryFolder()
    try Self.link(folder("link.gguf"), to: Fixture.path("micro/q1_0.gguf"))
    #expect(try Model(opening: folder("link.gguf")).tensors.count == 25)
  }

  @Test func devicesAndPipes() throws {
    let folder = try TemporaryFolder()
    let path = try folder.copy("micro/fp16", as: "model", leavingOut: ["model.safetensors"])
    try #require(mkfifo(path + "/model.safetensors", 0o600) == 0)
    for input in [path, path + "/model.safetensors", "/dev/zero", "/dev/null"] {
      let error = #expect(throws: FormatError.self) { try Model(opening: input) }
      #expect(error?.code == .unsupported, "\(input)")
      #expect(
        error?.message
          == "needed a regular file, this is a device, a socket or a pipe; give a pipe as standard "
          + "input, '-'")
    }
  }
}
