#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The time that this thread computes for something: what else the machine does adds nothing to it.
func computing(_ body: () throws -> Void) rethrows -> Duration {
  let start = computingTime(CLOCK_THREAD_CPUTIME_ID)
  try body()
  return computingTime(CLOCK_THREAD_CPUTIME_ID) - start
}

private func computingTime(_ clock: clockid_t) -> Duration {
  var time = timespec()
  clock_gettime(clock, &time)
  return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}
