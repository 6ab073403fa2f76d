extension Model {
  /// Opens whatever is at a path: a GGUF file (with the others of a split model), a safetensors
  /// file, a directory as Hugging Face, AutoAWQ or MLX write it, or one with a split GGUF in it.
  ///
  /// - Throws: ``FormatError`` with code `notFound`, `malformed`, `truncated`, `limit`,
  ///   `unsupported` or `io`.
  /// - Parameters:
  ///   - path: What to open.
  ///   - directory: Whose configuration describes a safetensors file by itself.
  public init(opening path: String, configDirectory directory: String? = nil) throws(FormatError) {
    guard let status = try SystemCalls.status(path) else {
      throw FormatError(.notFound, "there is no such file or directory").located(file: path)
    }
    guard status.isDirectory else {
      let source = StreamSource.passing(try openSource(path))
      if try ModelFile.isGGUF(source) {
        try Self.checkNeedsNoConfiguration(directory, path)
        try self.init(openingGGUF: path, as: path)
      } else {
        try self.init(safetensors: source, configDirectory: directory)
      }
      keepNoMore()
      return
    }
    guard directory == nil else {
      throw FormatError(.usage, "a directory has a configuration of its own").located(file: path)
    }
    try self.init(openingDirectory: path)
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
  init(safetensors source: any ByteSource, configDirectory: String?) throws(FormatError) {
    try ModelFile.checkIsSafetensors(source)
    let path = source.name
    let file = try SafetensorsFile(source)
    let files = [
      File(
        name: Paths.name(of: path), source: source, dataOffset: file.dataOffset,
        metadata: file.metadata)
    ]
    var config: JSONValue?
    if let configDirectory {
      config = try Self.config(in: configDirectory)
      guard config != nil else {
        throw FormatError(
          .notFound, "the directory has no config.json, which says what model it is"
        )
        .located(file: configDirectory)
      }
    }
    let grouping = TensorGrouping(files: [file.tensors], config: config)
    let tensors = try locating(file: path) { () throws(FormatError) in try grouping.tensors() }
    self.init(
      path: path, form: grouping.form, files: files, tensors: tensors, config: config,
      configDirectory: configDirectory)
  }

  /// - Parameters:
  ///   - file: The GGUF, or any file of a split one.
  ///   - path: The path that was asked for: the file's, or its directory's.
  private init(openingGGUF file: String, as path: String) throws(FormatError) {
    let split = try GGUFSplit(opening: file) { (path) throws(FormatError) in
      StreamSource.passing(try openSource(Self.present(path)))
    }
    self.init(split, path: path)
  }

  init(_ split: GGUFSplit, path: String) {
    let files = split.shards.map {
      File(
        name: Paths.name(of: $0.source.name), source: $0.source, dataOffset: $0.dataOffset)
    }
    let tensors = split.shards.enumerated().flatMap { file, shard in
      shard.tensors.map { tensor in
        Tensor(
          name: tensor.info.name, shape: tensor.info.shape,
          layout: Layout(opaque: tensor.info.type),
          parts: [StoredPart(file: file, info: tensor.info, isBigEndian: shard.isBigEndian)])
      }
    }
    self.init(path: path, form: .gguf, files: files, tensors: tensors, gguf: split)
  }

  private init(openingDirectory path: String) throws(FormatError) {
    if let file = try Self.splitGGUF(in: path) {
      try self.init(openingGGUF: file, as: path)
      return
    }
    let set = try Self.shards(in: path)
    let config = try Self.config(in: path)
    let files = set.shards.map {
      File(
        name: $0.name, source: $0.file.source, dataOffset: $0.file.dataOffset,
        metadata: $0.file.metadata)
    }
    let grouping = TensorGrouping(files: set.shards.map(\.file.tensors), config: config)
    let tensors = try locating(file: path) { () throws(FormatError) in try grouping.tensors() }
    self.init(
      path: path, form: grouping.form, files: files, tensors: tensors, config: config,
      configDirectory: path)
  }

  private static func shards(in directory: String) throws(FormatError) -> SafetensorsSet {
    let indexPath = Paths.join(directory, SafetensorsIndex.fileName)
    if try SystemCalls.status(indexPath) != nil {
      let index = try SafetensorsIndex(FileSource(path: indexPath))
      var shards: [SafetensorsSet.Shard] = []
      for name in index.shardNames { shards.append(try shard(name, in: directory)) }
      return try SafetensorsSet(index: index, shards: shards)
    }
    let name = SafetensorsSet.singleFileName
    guard try SystemCalls.status(present(Paths.join(directory, name))) != nil else {
      throw FormatError(
        .notFound,
        "the directory has neither \(name) nor \(SafetensorsIndex.fileName)\(try ggufHint(directory))"
      ).located(file: directory)
    }
    return try SafetensorsSet(shard(name, in: directory))
  }

  private static func shard(
    _ name: String, in directory: String
  ) throws(FormatError) -> SafetensorsSet.Shard {
    let source = StreamSource.passing(try openSource(present(Paths.join(directory, name))))
    return SafetensorsSet.Shard(name: name, file: try SafetensorsFile(source))
  }

  /// `config.json`, with what a file of its own says about quantization where that is not in it.
  private static func config(in directory: String) throws(FormatError) -> JSONValue? {
    let config = try json("config.json", in: directory)
    guard case .object(let members)? = config,
      !members.contains(where: { ["quantization", "quantization_config"].contains($0.name) })
    else { return config }
    for name in QuantizationConfig.fileNames {
      guard let quantization = try json(name, in: directory) else { continue }
      return .object(members + [.init("quantization_config", quantization)])
    }
    return config
  }

  /// A small JSON document of a directory, or `nil` where it is not there.
  private static func json(
    _ name: String, in directory: String
  ) throws(FormatError) -> JSONValue? {
    let path = Paths.join(directory, name)
    guard try SystemCalls.status(path) != nil else { return nil }
    let source = try FileSource(path: path)
    let count = source.byteCount ?? 0
    guard count <= ModelLimits.configByteCount else {
      throw FormatError(
        .limit,
        "the file has \(count) bytes, beyond ModelLimits.configByteCount = "
          + "\(ModelLimits.configByteCount)"
      ).located(file: path)
    }
    return try JSONValue(parsing: source.bytes(0..<count), name: path)
  }

  /// The path, or where only a compressed file is there, the path of that.
  static func present(_ path: String) throws(FormatError) -> String {
    let packed = path + Paths.zstdSuffix
    guard try SystemCalls.status(path) == nil else { return path }
    return try SystemCalls.status(packed) == nil ? path : packed
  }
}
