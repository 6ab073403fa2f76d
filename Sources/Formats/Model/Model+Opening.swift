extension Model {
  /// Opens whatever is at a path: a GGUF file (with the others of a split model), a safetensors
  /// file, a directory as Hugging Face, AutoAWQ or MLX write it, or one with a split GGUF in it.
  ///
  /// - Throws: ``FormatError`` with code `notFound`, `malformed`, `truncated`, `limit`,
  ///   `unsupported` or `io`.
  /// - Parameters:
  ///   - path: What to open.
  ///   - directory: Whose configuration describes a safetensors file by itself.
  ///   - limits: What is believed.
  public init(
    opening path: String, configDirectory directory: String? = nil, limits: Limits = .standard
  ) throws(FormatError) {
    var findings = Findings.strict
    try self.init(
      opening: path, configDirectory: directory, limits: limits, findings: &findings)
  }

  /// The same with findings that may collect: then the model is what could be read of it.
  init(
    opening path: String, configDirectory directory: String? = nil, limits: Limits,
    findings: inout Findings
  ) throws(FormatError) {
    guard let status = try SystemCalls.status(path) else {
      throw FormatError(.notFound, "there is no such file or directory").located(file: path)
    }
    guard status.isDirectory else {
      let source = StreamSource.passing(try openSource(path, limits), limits)
      if try ModelFile.isGGUF(source) {
        try Self.checkNeedsNoConfiguration(directory, path)
        try self.init(openingGGUF: path, as: path, limits, &findings)
      } else {
        try self.init(safetensors: source, configDirectory: directory, limits, &findings)
      }
      keepNoMore()
      return
    }
    guard directory == nil else {
      throw FormatError(.usage, "a directory has a configuration of its own").located(file: path)
    }
    let documents = ReadFiles()
    do throws(FormatError) {
      try self.init(openingDirectory: path, limits, documents, &findings)
    } catch {
      throw error.unlessChanged(documents.checkUnchanged)
    }
    keepNoMore()
  }

  static func checkNeedsNoConfiguration(
    _ directory: String?, _ path: String
  ) throws(FormatError) {
    guard directory == nil else {
      throw FormatError(.usage, "a GGUF describes itself, and needs no other configuration")
        .located(file: path)
    }
  }

  /// A safetensors file by itself, with the configuration of a directory where one is given.
  init(
    safetensors source: any ByteSource, configDirectory: String?, _ limits: Limits,
    _ findings: inout Findings
  ) throws(FormatError) {
    try ModelFile.checkIsSafetensors(source, &findings)
    let path = source.name
    let file = try SafetensorsFile(source, limits: limits, &findings)
    let files = [
      File(
        name: Paths.name(of: path), source: source, dataOffset: file.dataOffset,
        metadata: file.metadata)
    ]
    let documents = ReadFiles()
    var config: JSONValue?
    if let configDirectory {
      config = try Self.config(in: configDirectory, limits, documents, &findings)
      guard config != nil else {
        throw FormatError(
          .notFound, "the directory has no config.json, which says what model it is"
        )
        .located(file: configDirectory)
      }
    }
    let grouping = TensorGrouping(files: [file.tensors], config: config)
    let tensors = try findings.locating(path) { (findings) throws(FormatError) in
      try grouping.tensors(&findings)
    }
    self.init(
      path: path, form: grouping.form, files: files, tensors: tensors, config: config,
      configDirectory: configDirectory, documents: documents, limits: limits)
  }

  /// - Parameters:
  ///   - file: The GGUF, or any file of a split one.
  ///   - path: The path that was asked for: the file's, or its directory's.
  init(
    openingGGUF file: String, as path: String, _ limits: Limits, _ findings: inout Findings
  ) throws(FormatError) {
    let split = try GGUFSplit(opening: file, limits: limits, &findings) {
      (name) throws(FormatError) in
      let present = try Self.present(name)
      // Only what was asked for by name may be a link to anywhere.
      let source =
        name == path
        ? try openSource(present, limits)
        : try openSource(
          member: Paths.name(of: present), of: Paths.parent(of: present), limits)
      return StreamSource.passing(source, limits)
    }
    self.init(split, path: path, limits)
  }

  init(_ split: GGUFSplit, path: String, _ limits: Limits) {
    let files = split.shards.map {
      File(
        name: Paths.name(of: $0.source.name), source: $0.source, dataOffset: $0.dataOffset)
    }
    var layouts = OpaqueLayouts()
    var tensors: [Tensor] = []
    tensors.reserveCapacity(split.shards.reduce(0) { $0 + $1.tensors.count })
    for (file, shard) in split.shards.enumerated() {
      for tensor in shard.tensors {
        tensors.append(
          Tensor(
            name: tensor.info.name, shape: tensor.info.shape,
            layout: layouts[tensor.info.type],
            parts: [StoredPart(file: file, info: tensor.info, isBigEndian: shard.isBigEndian)]))
      }
    }
    self.init(path: path, form: .gguf, files: files, tensors: tensors, gguf: split, limits: limits)
  }

  /// The path, or where only a compressed file is there, the path of that.
  static func present(_ path: String) throws(FormatError) -> String {
    let packed = path + Paths.zstdSuffix
    guard try SystemCalls.linkStatus(path) == nil else { return path }
    return try SystemCalls.linkStatus(packed) == nil ? path : packed
  }
}
