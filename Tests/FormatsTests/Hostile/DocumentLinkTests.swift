import Testing

@testable import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Documents beside the weights that lead elsewhere, or are none: nothing is left out without a word.
@Suite struct DocumentLinkTests {
  /// What is copied from directory to directory, and nobody needs.
  static let documents = [
    "tokenizer.json", "merges.txt", "generation_config.json", "LICENSE", "NOTICE.md",
    "tokenizer.model", "README.md", "additional_chat_templates/rag.jinja",
  ]

  private func directory(without file: String, in folder: TemporaryFolder) throws -> String {
    let path = try folder.copy("micro/fp16", as: "model", leavingOut: [file])
    try folder.makeFolder("model/additional_chat_templates")
    return path
  }

  @Test(arguments: documents) func documentsThatAreMissing(file: String) async throws {
    for target in ["missing", "../missing", "../../../blobs/\(LinkTests.hash)"] {
      let folder = try TemporaryFolder()
      let path = try directory(without: file, in: folder)
      try LinkTests.link(path + "/" + file, to: target)
      let error = await failure { try await convert(path, .mlx, to: folder("out")) }
      let isInside = !target.hasPrefix("../missing")
      #expect(error?.code == (isInside ? .notFound : .unsupported), "\(target)")
      #expect(error?.location.file == path + "/" + file)
    }
  }

  @Test(arguments: documents) func documentsThatAreNoFiles(file: String) async throws {
    let folder = try TemporaryFolder()
    let path = try directory(without: file, in: folder)
    try #require(mkfifo(path + "/" + file, 0o600) == 0)
    let error = await failure { try await convert(path, .mlx, to: folder("out")) }
    #expect(error?.code == .unsupported && error?.location.file == path + "/" + file)
    #expect(error?.message.hasPrefix("needed a regular file, this is a device") == true)
    try SystemCalls.removeFile(path + "/" + file)
    try LinkTests.link(path + "/" + file, to: "/dev/zero")
    let device = await failure { try await convert(path, .mlx, to: folder("out")) }
    #expect(device?.code == .unsupported && device?.location.file == path + "/" + file)
  }

  @Test(arguments: ["merges.txt", "tokenizer_config.json", "chat_template.jinja"])
  func tokenizersThatAreMissing(file: String) async throws {
    let folder = try TemporaryFolder()
    let path = try directory(without: file, in: folder)
    try LinkTests.link(path + "/" + file, to: "missing")
    for input in ["micro/q1_0.gguf", "micro/mlx"] {
      let error = await failure {
        try await convert(Fixture.path(input), .fp16, to: folder("out")) {
          $0.tokenizerDirectory = path
        }
      }
      #expect(error?.code == .notFound, "\(input)")
      #expect(error?.location.file == path + "/" + file)
    }
  }

  /// A folder of that name, or a link to one, is no document: it stays where it is.
  @Test func foldersStay() async throws {
    let folder = try TemporaryFolder()
    let path = try directory(without: "", in: folder)
    try folder.makeFolder("model/LICENSES")
    try LinkTests.link(path + "/licenses", to: "LICENSES")
    let (_, report) = try await convert(path, .mlx, to: folder("out"))
    #expect(!report.files.contains { $0.name.lowercased() == "licenses" })
  }

  /// No cache has one, and it may lead anywhere.
  @Test(
    arguments: ["../elsewhere", "templates", "/tmp", "missing"], [ConversionTarget.mlx, .gguf])
  func aFolderThatIsALink(target: String, form: ConversionTarget) async throws {
    let folder = try TemporaryFolder()
    let path = try folder.copy("micro/fp16", as: "model", leavingOut: ["tokenizer_config.json"])
    try folder.write("model/chat_template.jinja", [0x78])
    for name in ["elsewhere", "model/templates"] {
      try folder.makeFolder(name)
      try folder.write(name + "/secret.jinja", [0x78])
    }
    try LinkTests.link(path + "/additional_chat_templates", to: target)
    let error = await failure { try await convert(path, form, to: folder("out")) }
    #expect(error?.code == .unsupported)
    #expect(error?.message.hasPrefix("the folder is a link") == true)
    #expect(error?.location.file == path + "/additional_chat_templates")
  }
}
