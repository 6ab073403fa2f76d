/// Hugging Face directories, in any of the layouts.
extension Model {
  /// Opens a directory, by its configuration and the headers of its shards, or the split GGUF in it.
  init(
    openingDirectory path: String, _ limits: Limits, _ documents: ReadFiles,
    _ findings: inout Findings
  ) throws(FormatError) {
    if let file = try Self.splitGGUF(in: path) {
      try self.init(openingGGUF: file, as: path, limits, &findings)
      return
    }
    let set = try Self.shards(in: path, limits, documents, &findings)
    let config = try Self.config(in: path, limits, documents, &findings)
    let files = set.shards.map {
      File(
        name: $0.name, source: $0.file.source, dataOffset: $0.file.dataOffset,
        metadata: $0.file.metadata)
    }
    let grouping = TensorGrouping(files: set.shards.map(\.file.tensors), config: config)
    let tensors = try findings.locating(path) { (findings) throws(FormatError) in
      try grouping.tensors(&findings)
    }
    self.init(
      path: path, form: grouping.form, files: files, tensors: tensors, config: config,
      configDirectory: path, documents: documents, limits: limits)
  }

  private static func shards(
    in directory: String, _ limits: Limits, _ documents: ReadFiles, _ findings: inout Findings
  ) throws(FormatError) -> SafetensorsSet {
    let indexPath = Paths.join(directory, SafetensorsIndex.fileName)
    if try SystemCalls.linkStatus(indexPath) != nil {
      let index = try findings.surviving(file: indexPath, rule: Self.indexRule) {
        (findings) throws(FormatError) in
        let source = try FileSource(seen: SafetensorsIndex.fileName, of: directory)
        documents.add(source)
        return try SafetensorsIndex(source, limits: limits, &findings)
      }
      if let index { return try shards(of: index, in: directory, limits, &findings) }
      return try shardsWithoutIndex(in: directory, limits, &findings)
    }
    let name = SafetensorsSet.singleFileName
    guard try SystemCalls.linkStatus(present(Paths.join(directory, name))) != nil else {
      throw FormatError(
        .notFound,
        "the directory has neither \(name) nor \(SafetensorsIndex.fileName)\(try ggufHint(directory))"
      ).located(file: directory)
    }
    return try SafetensorsSet([shard(name, in: directory, limits, &findings)], &findings)
  }

  /// The files that go by a name that shards have, where an index cannot be read. That has been found:
  /// whatever they are, what else is wrong with them can be.
  private static func shardsWithoutIndex(
    in directory: String, _ limits: Limits, _ findings: inout Findings
  ) throws(FormatError) -> SafetensorsSet {
    let names = try unpackedNames(in: directory).filter {
      $0.hasPrefix("model") && $0.hasSuffix(".safetensors")
    }
    if names.count > limits[.files] {
      let error = limits.exceeded("the directory has \(names.count) shards", .files)
      try findings.report(.beyondLimits, error.located(file: directory))
    }
    var shards: [SafetensorsSet.Shard] = []
    for name in names.prefix(limits[.files]) {
      let path = try present(Paths.join(directory, name))
      let opened = try findings.surviving(file: path) { (findings) throws(FormatError) in
        try shard(name, in: directory, limits, &findings)
      }
      if let opened { shards.append(opened) }
    }
    return try SafetensorsSet(shards, &findings)
  }

  private static func indexRule(_ error: FormatError) -> Rule {
    error.code == .limit ? .beyondLimits : .indexUnreadable
  }

  private static func shards(
    of index: SafetensorsIndex, in directory: String, _ limits: Limits,
    _ findings: inout Findings
  ) throws(FormatError) -> SafetensorsSet {
    var shards: [SafetensorsSet.Shard] = []
    var lost: Set<String> = []
    for name in index.shardNames {
      let path = try present(Paths.join(directory, name))
      // Without it the index will be found to name too much.
      if !findings.isStrict, try isMissing(path) { continue }
      let opened = try findings.surviving(file: path) { (findings) throws(FormatError) in
        try shard(name, in: directory, limits, &findings)
      }
      if let opened { shards.append(opened) } else { lost.insert(name) }
    }
    return try SafetensorsSet(index: index.without(shards: lost), shards: shards, &findings)
  }

  /// Whether nothing is there; what else is wrong with it is found when it is opened.
  private static func isMissing(_ path: String) throws(FormatError) -> Bool {
    do throws(FormatError) {
      return try SystemCalls.status(path) == nil
    } catch  where error.code.isAboutInput {
      return false
    } catch {
      throw error
    }
  }

  private static func shard(
    _ name: String, in directory: String, _ limits: Limits, _ findings: inout Findings
  ) throws(FormatError) -> SafetensorsSet.Shard {
    let source = StreamSource.passing(
      try openSource(
        member: Paths.name(of: present(Paths.join(directory, name))), of: directory, limits), limits
    )
    // A directory may have any number of shards, and each would keep its window.
    defer { source.rest() }
    return SafetensorsSet.Shard(
      name: name, file: try SafetensorsFile(source, limits: limits, &findings))
  }

  /// `config.json`, with what a file of its own says about quantization where that is not in it.
  static func config(
    in directory: String, _ limits: Limits, _ documents: ReadFiles, _ findings: inout Findings
  ) throws(FormatError) -> JSONValue? {
    let config = try json("config.json", in: directory, limits, documents, &findings)
    guard case .object(let members)? = config,
      !members.contains(where: { ["quantization", "quantization_config"].contains($0.name) })
    else { return config }
    for name in QuantizationConfig.fileNames {
      guard let quantization = try json(name, in: directory, limits, documents, &findings) else {
        continue
      }
      return .object(members + [.init("quantization_config", quantization)])
    }
    return config
  }

  /// A small JSON document of a directory, or `nil` where it is not there.
  private static func json(
    _ name: String, in directory: String, _ limits: Limits, _ documents: ReadFiles,
    _ findings: inout Findings
  ) throws(FormatError) -> JSONValue? {
    let path = Paths.join(directory, name)
    guard try SystemCalls.linkStatus(path) != nil else { return nil }
    return try findings.surviving(
      file: path, rule: { $0.code == .limit ? .beyondLimits : .configUnreadable }
    ) { (_) throws(FormatError) in try json(name, of: directory, limits, documents) }
  }

  private static func json(
    _ name: String, of directory: String, _ limits: Limits, _ documents: ReadFiles
  ) throws(FormatError) -> JSONValue {
    let path = Paths.join(directory, name)
    let source = try FileSource(seen: name, of: directory)
    documents.add(source)
    let count = source.byteCount ?? 0
    guard count <= limits[.config] else {
      throw limits.exceeded("the file has \(count) bytes", .config).located(file: path)
    }
    let json = try JSONValue(parsing: source.bytes(0..<count), name: path, limits: limits)
    guard case .object = json else {
      throw FormatError(.malformed, "needed an object").located(file: path)
    }
    return json
  }
}
