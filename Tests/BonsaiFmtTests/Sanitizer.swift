#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What the tests have been built with.
enum Sanitizer {
  /// Whether a sanitizer watches: then time and memory are not what they are elsewhere, and limits of them
  /// say nothing.
  static let isWatching = dlsym(nil, "__asan_init") != nil || isWatchingThreads
  /// Whether it is Thread Sanitizer.
  static let isWatchingThreads = dlsym(nil, "__tsan_init") != nil
}
