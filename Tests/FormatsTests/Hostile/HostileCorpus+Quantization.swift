@testable import Formats

// Quantized directories: what config.json says of the arrays, and the arrays themselves.
extension HostileCorpus {
  /// A member of the quantization of AWQ, and of MLX.
  private static func quantization(
    _ said: String, _ name: String, _ values: [JSONValue],
    _ fixtures: [String] = ["micro/awq", "micro/mlx"]
  ) -> [HostileCase] {
    values.flatMap { value in
      badDirectory(.malformed, said, fixtures, to: .fp16) {
        let member = $0.fixture.hasSuffix("mlx") ? "quantization" : "quantization_config"
        $0.set(member, $0.config[member]?.with(name, value))
      }
    }
  }

  static let configurationTypes =
    badConfig(
      .malformed, "'tie_word_embeddings' must be true or false, is the string 'yes'",
      [("tie_word_embeddings", "yes")])
    + badConfig(
      .malformed, "'tie_word_embeddings' must be true or false, is 1", [("tie_word_embeddings", 1)])
    + badConfig(
      .malformed, "'quantization' must be an object, is a list of 0 values", [("quantization", [])])
    + badConfig(
      .malformed, "'quantization_config' must be an object, is the string 'awq'",
      [("quantization", nil), ("quantization_config", "awq")])
    + quantization(
      "group_size' must be an integer, is", "group_size",
      ["x", [], [:], true, .number("128.0"), .number("1e18")])
    + quantization("group_size' must be at least 1, is", "group_size", [0, -2])
    + quantization("bits' must be an integer, is", "bits", ["4", [], false, .number("4.0")])
    + quantization("bits' must be from 1 to 32, is", "bits", [0, -1, 33, .integer(.max)])
    + quantization("'quantization.mode' must be a string, is 4", "mode", [4], ["micro/mlx"])
    + quantization("must be true or false, is", "zero_point", ["true", 1], ["micro/awq"])
    + quantization("'quantization_config.version' must be a string", "version", [4], ["micro/awq"])
    + quantization(
      "must be a list of strings, is", "modules_to_not_convert", ["lm_head", [1], true],
      ["micro/awq"])
    + badDirectory(
      .limit, "'quantization_config.group_size' is 9223372036854775807, the limit is 16777216",
      ["micro/awq"]
    ) {
      $0.setQuantization("group_size", .integer(.max))
    }
    + badDirectory(.malformed, "'quantization.bits' is needed and missing", ["micro/mlx"]) {
      $0.set("quantization", ["group_size": 128])
    }
    + badDirectory(
      .malformed, "'quantization.lm_head.bits' must be an integer, is the string '1'", ["micro/mlx"]
    ) {
      $0.set(
        "quantization", $0.config["quantization"]?.with("lm_head", ["bits": "1"]))
    }

  static let quantized =
    badDirectory(
      .malformed, "is needed beside it and missing",
      ["micro/awq", "micro/mlx", "micro-tied-edge/awq"]
    ) {
      $0.tensors.removeAll { $0.name.hasSuffix("layers.0.mlp.down_proj.scales") }
    }
    + badDirectory(
      .malformed, "needed qweight [in, out/8] and qzeros", ["micro/awq", "micro-tied-edge/awq"]
    ) {
      $0.edit("layers.0.mlp.down_proj.qzeros") { $0.type = .f32 }
    }
    + ["q_proj", "k_proj", "v_proj"].flatMap { name in
      badDirectory(.malformed, "the weight is there a second time", ["micro/awq"]) { directory in
        directory.tensors.append(
          .init(
            name: "model.layers.0.self_attn.\(name).weight", type: .f16, shape: [1],
            bytes: [0, 0x3C]))
      }
    }
    + [ConversionTarget.awq, .mlx].flatMap { target in
      badDirectory(
        .unsupported, "two arrays of the output would have this name",
        ["micro/fp16", "micro-tied-edge/fp16"], to: target
      ) { directory in
        directory.tensors.append(
          .init(
            name: "model.layers.0.self_attn.q_proj.scales", type: .f16, shape: [1],
            bytes: [0, 0x3C]))
      }
    }
    + badDirectory(.malformed, "needed qweight [in, out/8] and qzeros", ["micro/awq"]) {
      $0.edit("layers.0.mlp.down_proj.scales") { $0.shape = [1] + $0.shape }
    }
    + badDirectory(
      .malformed, "needed weight [out, words] and scales", ["micro/mlx", "micro-tied-edge/mlx"]
    ) {
      $0.edit("layers.0.mlp.down_proj.biases") { $0.shape.reverse() }
    }
    + badDirectory(.malformed, "needed weight [out, words] and scales", ["micro/mlx"]) {
      $0.edit("layers.0.mlp.down_proj.biases") { $0.type = .bf16 }
    }
    + [2, 3, 4].flatMap { bits in
      badDirectory(
        .malformed, "needed \(bits) bits in groups of 128 as the configuration says", ["micro/mlx"]
      ) {
        $0.set("quantization", ["bits": .integer(bits), "group_size": 128])
      }
    }
    + unexplained

  /// Arrays of quantized weights that the configuration does not speak of.
  private static let unexplained =
    ["qweight", "qzeros", "g_idx"].flatMap { suffix in
      badDirectory(
        .unsupported, "it is no array of AWQ's weights: GPTQ has such", ["micro/awq"], to: .fp16
      ) {
        // Arrays that have no others beside them would be missed.
        let name = suffix == "qweight" ? "extra.qweight.qzeros" : "extra.\(suffix)"
        $0.tensors.append(.init(name: name, type: .i32, shape: [1], bytes: [0, 0, 0, 0]))
      }
    }
    + [nil, .null, [:]].flatMap { (value: JSONValue?) in
      badDirectory(
        .unsupported, "it is an array of AWQ or GPTQ, and config.json does not say so",
        ["micro/awq"], to: .fp16
      ) { $0.set("quantization_config", value) }
    }
    + ["lm_head", "model.embed_tokens", "model.layers.0.mlp.up_proj"].flatMap { module in
      badDirectory(
        .unsupported,
        "config.json says that this module is not quantized, and it is stored in words",
        ["micro/mlx"], to: .fp16
      ) { $0.set("quantization", $0.config["quantization"]?.with(module, false)) }
    }
    + [nil, .null, [:]].flatMap { (value: JSONValue?) in
      badDirectory(
        .unsupported, "it is stored in words of MLX with scales, and config.json does not say so",
        ["micro/mlx"], to: .fp16
      ) {
        $0.set("quantization", value)
        $0.set("quantization_config", nil)
      }
    }
}
