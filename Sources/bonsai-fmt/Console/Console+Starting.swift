import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Console {
  /// What has to be so before the first file is opened.
  static func start() {
    // A reader that has seen enough closes its pipe, and a file may reach the limit of its size: errors
    // of the next write, not deaths that would leave half an output behind.
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGXFSZ, SIG_IGN)
    occupyStandardDescriptors()
    raiseDescriptorLimit()
    checkDescriptorLimit()
  }

  /// All files of a model stay open, and there may be more than a shell allows for at first.
  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    guard unsafe getrlimit(openFiles, &limit) == 0 else { return }
    let wanted = min(limit.rlim_max, enoughDescriptors)
    guard limit.rlim_cur < wanted else { return }
    limit.rlim_cur = wanted
    _ = unsafe setrlimit(openFiles, &limit)
  }

  /// With fewer the runtime dies, or what has been written cannot be removed.
  private static func checkDescriptorLimit() {
    var limit = rlimit()
    guard unsafe getrlimit(openFiles, &limit) == 0, limit.rlim_cur < leastDescriptors else {
      return
    }
    error.say(
      "bonsai-fmt: \(leastDescriptors) open files are needed, the limit is \(limit.rlim_cur)")
    leave(unusableStatus)
  }

  private static let leastDescriptors: rlim_t = 32
  /// Enough for a model of a few thousand shards; macOS allows no more.
  private static let enoughDescriptors: rlim_t = 10_240
  #if canImport(Glibc)
    private static let openFiles = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let openFiles = RLIMIT_NOFILE
  #endif

  /// Whoever starts the program with a standard stream closed must not find the next file that is
  /// opened in its place: the text for standard error would go into a model.
  ///
  /// What is put there can be neither read nor written, as if it were closed.
  private static func occupyStandardDescriptors() {
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      let opened = try? SystemCalls.open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
      if opened != descriptor { _exit(unusableStatus) }
    }
  }

  private static let unusableStatus: Int32 = 74
}
