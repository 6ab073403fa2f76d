import Formats

let model = try Model(opening: CommandLine.arguments[1])
var options = ConversionOptions()
options.replaces = true
options.verifies = CommandLine.arguments.count < 4
let conversion = try Conversion(of: model, options: options)
print(try await conversion.run(to: CommandLine.arguments[2]))
