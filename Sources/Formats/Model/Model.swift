/// A model that has been opened: its tensors, whatever the container and the layout.
///
/// Opening reads headers only. Tensor data is read when it is asked for, by offset, so that one
/// model serves many tasks at once.
public struct Model: Sendable {
  /// What a model is stored as.
  public enum Form: String, Sendable, Hashable, CaseIterable {
    /// A GGUF file, or several that belong together.
    case gguf
    /// A safetensors file by itself, without the directory that says what it means.
    case safetensors
    /// A Hugging Face directory whose weights are dense.
    case dense
    /// A Hugging Face directory in AutoAWQ's layout.
    case awq
    /// A directory in MLX's layout.
    case mlx
  }

  /// One of the files that hold tensors.
  public struct File: Sendable {
    /// The file's name, without its directory.
    public let name: String
    /// Its bytes.
    public let source: any ByteSource
    /// Where tensor data begins.
    public let dataOffset: Int
    /// The `__metadata__` of a safetensors file.
    public internal(set) var metadata = SafetensorsMetadata()

    /// The path, as it was opened.
    public var path: String { source.name }
  }

  /// The path that was opened.
  public let path: String
  /// What it is.
  public let form: Form
  /// The files that hold tensors.
  public let files: [File]
  /// The tensors: in the order of the file for GGUF, otherwise by name, layers by number.
  public let tensors: [Tensor]
  /// What a GGUF file says, and `nil` for the others.
  public let gguf: GGUFSplit?
  /// The directory's `config.json`, where there is one; a `quantize_config.json` stands in it as
  /// `quantization_config`.
  public let config: JSONValue?
  /// The directory with that file, and with the others that describe the model.
  let configDirectory: String?
  /// The documents that were read for it.
  let documents: ReadFiles
  /// What was believed when it was opened, and is believed of its other documents.
  public let limits: Limits
  private let names: NameSet

  init(
    path: String, form: Form, files: [File], tensors: [Tensor], gguf: GGUFSplit? = nil,
    config: JSONValue? = nil, configDirectory: String? = nil, documents: ReadFiles = ReadFiles(),
    limits: Limits = .standard
  ) {
    self.path = path
    self.form = form
    self.files = files
    self.tensors = tensors
    self.gguf = gguf
    self.config = config
    self.configDirectory = configDirectory
    self.documents = documents
    self.limits = limits
    names = NameSet(tensors.lazy.map(\.name))
  }

  /// The tensor of that name.
  public func tensor(named name: String) -> Tensor? {
    names.number(of: name).map { tensors[$0] }
  }

  /// The place of a tensor in ``tensors``.
  func number(ofTensor name: String) -> Int? { names.number(of: name) }

  var reader: TileReader { TileReader(files: files.map(\.source)) }
}
