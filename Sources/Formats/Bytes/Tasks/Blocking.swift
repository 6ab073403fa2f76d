import Dispatch

/// Runs what blocks for seconds on a thread beside those that tasks share.
///
/// There is one such thread for each processor, and one that waits for the disk is missing where
/// tiles are worked on.
func resultOffPool<Success: Sendable>(
  _ body: @escaping @Sendable () throws(FormatError) -> Success
) async -> Result<Success, FormatError> {
  await withCheckedContinuation { continuation in
    let interception = CallInterception.current
    DispatchQueue.global().async {
      continuation.resume(
        returning: CallInterception.$current.withValue(interception) {
          do throws(FormatError) {
            return .success(try body())
          } catch {
            return .failure(error)
          }
        })
    }
  }
}

/// The same for what can be stopped.
///
/// - Parameter body: Asks now and then whether the surrounding task was cancelled.
func resultOffPool<Success: Sendable>(
  _ body: @escaping @Sendable (Cancellation) throws(FormatError) -> Success
) async -> Result<Success, FormatError> {
  let cancellation = Cancellation()
  return await withTaskCancellationHandler {
    await resultOffPool { () throws(FormatError) in try body(cancellation) }
  } onCancel: {
    cancellation.cancel()
  }
}
