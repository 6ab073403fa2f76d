@testable import Formats

extension Provocation {
  static let files = [
    Provocation("FILE001") { try $0.write("model.gguf", Array("<!DOCTYPE html>".utf8)) },
    Provocation("FILE002") {
      try $0.write("model.gguf", Array(Fixture.bytes("micro/q1_0.gguf").prefix(1000)))
    },
    header(
      "FILE003",
      #"{"a":{"dtype":"U8","shape":[\#(Array(repeating: "1", count: 65).joined(separator: ","))],"#
        + #""data_offsets":[0,1]}}"#, bytes: 1),
    Provocation("FILE004") {
      // A frame that needs a dictionary.
      try $0.write("model.gguf", [0x28, 0xB5, 0x2F, 0xFD, 0x21, 7, 5, 1, 0, 0])
    },
  ]

  static let ggufHeaders = [
    Provocation("GGUF001") { folder in
      let paths = try parts(in: folder)
      try SystemCalls.removeFile(folder(paths[1]))
      try folder.write(paths[1], Array("GGML".utf8) + [UInt8](repeating: 0, count: 100))
      return folder(paths[0])
    },
    gguf("GGUF002") { $0.version = 4 },
    gguf("GGUF003") { $0.add(key: [0xFF], 7, [1]) },
    gguf("GGUF004") { $0.add("general.architecture", uint32: 1) },
    gguf("GGUF005") { $0.add("a.b", 13, [0]) },
    gguf("GGUF006") { $0.add("a.b", 7, [2]) },
    gguf("GGUF007", for: .llamaCpp) { $0.add("a.b", 9, $0.array(9, 1, $0.array(0, 1, [1]))) },
    gguf("GGUF008") { $0.add("general.alignment", uint32: 24) },
    gguf("GGUF009") { $0.add("Author", uint32: 1) },
    Provocation("GGUF010", for: .llamaCpp) { folder in
      var builder = GGUFBuilder()
      builder.isBigEndian = true
      builder.add("general.architecture", 8, builder.encoded("none"))
      return try folder.write("model.gguf", builder.bytes)
    },
    gguf("GGUF011") { $0.add(tensor: "a", [8], 0, bytes: 32) },
    gguf("GGUF012") { $0.add(tensor: String(repeating: "n", count: 65), [8], 0, bytes: 32) },
    gguf("GGUF013", for: .llamaCpp) {
      $0.add(tensor: String(repeating: "n", count: 64), [8], 0, bytes: 32)
    },
    gguf("GGUF014") { $0.add(tensor: "b", [1, 1, 1, 1, 8], 0, bytes: 32) },
    gguf("GGUF015") { $0.add(tensor: "b", [-8], 0, bytes: 32) },
  ]

  static let ggufData = [
    gguf("GGUF016") { $0.infos[0].offset = 8 },
    gguf("GGUF017") { $0.add(tensor: "b", [100], 41, bytes: 32) },
    gguf("GGUF018") {
      $0.add(tensor: "b", [8], 0, bytes: 32)
      $0.infos[1].offset = 0
    },
    gguf("GGUF019") { $0.data.removeLast(4) },
    gguf("GGUF020", for: .llamaCpp) { $0.add(tensor: "b", [8], 99, bytes: 32) },
    gguf("GGUF021", for: .llamaCpp) { $0.add(tensor: "b", [128], 142, bytes: 34) },
    gguf("GGUF022", for: .llamaCpp) {
      $0.add(tensor: "b", [8], 0, bytes: 32)
      $0.infos.swapAt(0, 1)
    },
    gguf("GGUF023") {
      $0.add(tensor: "b", [4], 0, bytes: 16)
      $0.data.removeLast(16)
    },
    gguf("GGUF024") { $0.data += [UInt8](repeating: 0, count: 40) },
  ]

  static let ggufModels = [
    Provocation("GGUF025") { folder in
      let paths = try parts(in: folder)
      try SystemCalls.removeFile(folder(paths[1]))
      return folder(paths[0])
    },
    Provocation("GGUF026") { folder in
      let paths = try parts(in: folder)
      try SystemCalls.removeFile(folder(paths[2]))
      try folder.write(paths[2], folder.bytes(paths[1]))
      return folder(paths[0])
    },
    Provocation("GGUF027", for: .llamaCpp) { try $0(parts(in: $0)[1]) },
    model("GGUF028") { $0.set([("general.architecture", nil)]) },
    model("GGUF029") { $0.set([("general.file_type", .uint32(7))]) },
    model("GGUF030") { $0.set([("general.quantization_version", nil)]) },
    model("GGUF031", for: .llamaCpp) { $0.set([("prism.hadamard.version", .uint32(1))]) },
    model("GGUF032") { gguf in
      gguf.edit("output.weight") {
        $0.typeID = 8
        $0.type = GGMLType.of(8)?.readings.first ?? .f32
        $0.bytes = [UInt8](repeating: 0, count: $0.shape.reduce(1, *) / 32 * 34)
      }
    },
    gguf("GGUF033") {
      $0.alignment = 4
      $0.add("general.alignment", uint32: 4)
    },
    model("GGUF034", for: .llamaCpp) { $0.set([("qwen3.block_count", .uint64(2))]) },
    model("GGUF034", for: .llamaCpp) { $0.set([("qwen3.rope.freq_base", .float64(1e6))]) },
    model("GGUF034", for: .llamaCpp) {
      $0.set([("tokenizer.ggml.eos_token_id", .int32(1))])
    },
  ]

  static let safetensors = [
    header("ST001", #"{"a":}"#),
    header("ST002", #"{"__metadata__":{"a":"b","a":"b"}}"#),
    header("ST003", #"{"a":{"dtype":"F12","shape":[1],"data_offsets":[0,2]}}"#, bytes: 2),
    header("ST004", #"{"a":{"dtype":"F16","shape":[1]}}"#),
    header("ST004", #"{"a":{"dtype":"F16","shape":[0],"data_offsets":[0,0],"crc":1}}"#),
    header("ST004", #"{"a":{"dtype":"F16","shape":[0],"shape":[0],"data_offsets":[0,0]}}"#),
    header("ST005", #"{"a":{"dtype":"F16","shape":[1],"data_offsets":[2,0]}}"#, bytes: 2),
    header("ST005", #"{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2,4]}}"#, bytes: 2),
    header("ST006", #"{"a":{"dtype":"F16","shape":[3],"data_offsets":[0,2]}}"#, bytes: 2),
    header("ST007", #"{"a":{"dtype":"F16","shape":[1],"data_offsets":[2,4]}}"#, bytes: 4),
    header(
      "ST008",
      #"{"a":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},"#
        + #""b":{"dtype":"F16","shape":[1],"data_offsets":[0,2]}}"#, bytes: 2),
    header("ST009", #"{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#, bytes: 1),
    header("ST010", "{}", bytes: 1),
    header("ST011", "{}\0\0"),
    header("ST012", "{} "),
  ]

  static let indices = [
    Provocation("IDX001") { try sharded(in: $0) { _ in "{}" } },
    Provocation("IDX002") {
      try sharded(in: $0) {
        $0.replacing(
          #""weight_map": {"#,
          with: #""weight_map": {"model.norm.weight": "#
            + #""model-00001-of-00002.safetensors","#)
      }
    },
    Provocation("IDX003") {
      try sharded(in: $0) {
        $0.replacing(#""weight_map": {"#, with: #""weight_map": {"x": "../../etc/passwd","#)
      }
    },
    Provocation("IDX004") { folder in
      let path = try sharded(in: folder) { $0 }
      try SystemCalls.removeFile(Paths.join(path, "model-00002-of-00002.safetensors"))
      return path
    },
    Provocation("IDX005") {
      try sharded(in: $0) {
        $0.replacing(
          #""weight_map": {"#,
          with: #""weight_map": {"x": "#
            + #""model-00001-of-00002.safetensors","#)
      }
    },
    Provocation("IDX006") {
      try sharded(in: $0) { $0.replacing("model.norm.weight", with: "model.norm.other") }
    },
    Provocation("IDX007") { folder in
      let path = try sharded(in: folder) { $0 }
      let first = try folder.bytes("model/model-00001-of-00002.safetensors")
      try SystemCalls.removeFile(Paths.join(path, "model-00002-of-00002.safetensors"))
      try folder.write("model/model-00002-of-00002.safetensors", first)
      return path
    },
    Provocation("IDX008") {
      try sharded(in: $0) { $0.replacing(#""total_size": "#, with: #""total_size": 1"#) }
    },
    Provocation("IDX009") { folder in
      let path = try sharded(in: folder) { $0 }
      let first = try folder.bytes("model/model-00001-of-00002.safetensors")
      try folder.write("model/model-00001-of-00009.safetensors", first)
      return path
    },
    Provocation("IDX009", for: .mlx) { folder in
      let path = try folder.copy("micro/mlx", as: "model", leavingOut: [])
      let own = try folder.bytes("model/model.safetensors")
      try SystemCalls.removeFile(Paths.join(path, "model.safetensors.index.json"))
      try folder.write("model/model-mtp.safetensors", own)
      return path
    },
    Provocation("IDX010", for: .mlx) { folder in
      let path = try sharded(in: folder) { $0 }
      try folder.write("model/consolidated.safetensors", [1])
      return path
    },
    Provocation("ST002") { folder in
      let path = try folder.copy("micro/fp16", as: "model", leavingOut: ["model.safetensors"])
      let entry = #""a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"#
      try folder.write("model/model.safetensors", FormatsTests.safetensors("{\(entry),\(entry)}"))
      return path
    },
  ]
}

/// A fixture's model split into three files; their names.
private func parts(in folder: TemporaryFolder) throws -> [String] {
  let source = try EditedGGUF()
  let count = 3
  return try (0..<count).map { index in
    var part = source
    let bounds = [0, 8, 16, source.tensors.count]
    part.tensors = Array(source.tensors[bounds[index]..<bounds[index + 1]])
    let keys = GGUFMetadata.split(index, of: count, tensorCount: source.tensors.count)
    part.metadata = GGUFMetadata((index == 0 ? source.metadata.entries : []) + keys)
    let name = GGUFSplitName(prefix: "model", index: index, count: count).path
    try part.write(to: folder, as: name)
    return name
  }
}

/// A fixture's directory in two shards, its index changed.
private func sharded(
  in folder: TemporaryFolder, _ change: (String) -> String
) throws -> String {
  let fixture = "micro/fp16"
  let path = try folder.copy(fixture, as: "model", leavingOut: ["model.safetensors"])
  let file = try SafetensorsFile(FileSource(path: Fixture.path(fixture + "/model.safetensors")))
  let half = file.tensors.count / 2
  var entries: [String] = []
  for (number, infos) in [file.tensors[..<half], file.tensors[half...]].enumerated() {
    let plan = try SafetensorsPlan(
      infos.map { .init(name: $0.name, type: $0.type, shape: $0.shape) })
    var bytes = plan.header
    for info in plan.tensors {
      let source = file.tensors.first { $0.name == info.name }
      bytes += try file.source.bytes(source?.range ?? 0..<0)
    }
    let name = "model-0000\(number + 1)-of-00002.safetensors"
    try folder.write("model/\(name)", bytes)
    entries += infos.map { #""\#($0.name)": "\#(name)""# }
  }
  let total = file.tensors.reduce(0) { $0 + $1.range.count }
  let index =
    #"{"metadata": {"total_size": \#(total)}, "weight_map": {\#(entries.joined(separator: ","))}}"#
  try folder.write("model/model.safetensors.index.json", Array(change(index).utf8))
  return path
}
