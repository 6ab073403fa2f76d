import Testing

@testable import Formats

/// The corpus is complete, and every input in it ends as it should, whichever way it comes.
@Suite struct HostileCorpusTests {
  /// Refusals without three variants here, and why.
  static let exceptions = [
    "SystemCalls.swift: cannot": "what the system refuses",
    "Model+Directory.swift: the directory has … shards": "a finding beside an index that is broken",
    "GGUFTensorLayout.swift: , from this tensor on": "counted only for a list of findings",
    "SafetensorsHeader+Layout.swift: , from this tensor on": "counted only for a list of findings",
    "SafetensorsSet.swift: total_size is": "a finding, and no refusal",
    "TensorGrouping.swift: needed … bytes for": "the container has compared shape and bytes",
    "ModelConfig+Tensors.swift: the tensor is there twice": "the container has refused it",
    "Fingerprinting.swift: it has no name": "a model with such a tensor was refused before",
    "TensorFiles.swift: GGUF has no type": "every type that is planned has a number",
    "GGUFArray+Elements.swift: element …": "the cursor ends there too",
    "GGUFSplitPlan.swift: the model has": "a million tensors",
    "OutputTransaction+Committing.swift: ; what was to be": "two calls fail: FaultSweepTests",
    "SafetensorsPlan+Header.swift: the header would have": "a header of 100 MB",
    "FrameAppender.swift:  bytes need": "2 TB",
    "ConversionRefusal.swift: a scan": "while weights are read: OnePassTests",
    "ConversionRefusal.swift: a group's scale": "a note about what is taken",
    "Fingerprinting.swift: a group has": "while weights are read",
    "Conversion+Passing.swift: ; from a file": "while weights are read: OnePassTests",
    "SystemCalls+Directories.swift: the name of a file": "names that are no text: FileNameTests",
    "DirectoryFiles.swift: the folder is a link": "links: DocumentLinkTests",
    "Conversion+Replanning.swift": "while weights are read: ConversionRefusalTests",
    "Conversion+Checks.swift: its tensors come": "while weights are written: StandardOutputTests",
    "Conversion+Checks.swift: what is rounded is written":
      "while weights are written: StandardOutputTests",
    "TensorDigests.swift: what becomes of type": "while weights are read: OnePassTests",
    "Dense.swift: the value … has no form": "while weights are rounded: RoundingTests",
    "Q1_0+Rounding.swift: the mean": "while weights are rounded: RoundingTests",
  ]

  @Test func everyCaseIsRefused() throws {
    for example in HostileCorpus.all {
      let error = try example.error()
      #expect(
        error?.code == example.code && error?.message.contains(example.said) == true,
        "\(example.name), needed \(example.code) '\(example.said)': \(error?.description ?? "accepted")"
      )
    }
  }

  /// Every refusal in the sources is provoked, by three inputs at least, as far as its text tells.
  ///
  /// A message counts for every site whose literal parts stand in it, in their order, whichever code
  /// made it: of two sites that say the same, or of which one says less, one provoked is enough.
  /// Not looked at are errors that are not about an input, texts of fewer than eight letters, texts
  /// that are put together elsewhere than in the call, and what validation alone finds.
  @Test func everyRefusalIsProvoked() throws {
    let messages = try HostileCorpus.all.compactMap { try $0.error()?.message }
    #expect(messages.count > 500)
    let sites = try RefusalSite.all()
    #expect(sites.count > 150)
    for site in sites {
      let count = messages.count { site.fits($0) }
      let reason = Self.exceptions.first { site.description.hasPrefix($0.key) }?.value
      #expect(
        count >= 3 || reason != nil,
        "provoked \(count) times, needs inputs in HostileCorpus or a reason above: \(site)")
      if count >= 3 { #expect(reason == nil, "no exception any more: \(site)") }
    }
  }

  /// Texts that are not made in the call: those of findings, which are errors' own, and those that
  /// `error(_:at:)` of the JSON reader is given, which is looked after.
  @Test func noTextIsMadeElsewhere() throws {
    #expect(try RefusalSite.filesWithOtherTexts() == ["Finding.swift", "JSONReader.swift"])
  }

  /// As the corpus is of broken ones; each comes by its path, as a stream and compressed.
  @Test func oddFilesAreAccepted() async throws {
    #expect(OddFile.all.count >= 80)
    for odd in OddFile.all {
      let folder = try TemporaryFolder()
      let error = await failure { _ = try Model(opening: folder.write("odd", odd.bytes)) }
      #expect(error == nil, "\(odd.name): \(error?.description ?? "")")
      guard !ZstdFrameHeader.begins(odd.bytes) else { continue }
      for way in Way.allCases {
        let error = try await way.error(odd.bytes, folder)
        #expect(
          error == nil || way.mayDiffer(odd, error),
          "\(odd.name), \(way): \(error?.description ?? "")")
      }
    }
  }

  /// A file is the same by its path, as a stream, and compressed with and without a seek table.
  @Test func everyWayHasTheSameVerdict() async throws {
    for example in HostileCorpus.ggufFiles + HostileCorpus.safetensorsFiles {
      guard let bytes = example.file, bytes.count < 1 << 20 else { continue }
      let folder = try TemporaryFolder()
      for way in Way.allCases {
        let error = try await way.error(bytes, folder)
        #expect(
          error?.code == example.code || way.mayDiffer(example, error),
          "\(example.name) '\(example.said)', \(way): \(error?.description ?? "accepted")")
      }
    }
  }
}
