// Public, because a conformance of a public type to a public protocol is.
public import ArgumentParser
public import Formats

extension Profile: ExpressibleByArgument {}
