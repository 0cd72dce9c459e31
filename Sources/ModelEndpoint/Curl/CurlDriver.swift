#if Networking
  internal import CLibCurl
  internal import Glibc
  internal import MetaEditor
  internal import Synchronization

  /// Runs exchanges on a thread of its own, which alone touches libcurl's handles.
  final class CurlDriver: Sendable {
    private struct Shared {
      var arrivals: [HTTPExchange] = []
      var departures: [HTTPExchange.ID] = []
      var isEnding = false
      /// The address of the handle that can be woken; 0 before it is made and after it is gone.
      var multi: UInt = 0
    }

    private let curl: Curl
    private let shared = Mutex(Shared())

    private init(_ curl: Curl) { self.curl = curl }

    /// Starts a driver; nil where there can be no thread.
    static func started(_ curl: Curl) -> CurlDriver? {
      let driver = CurlDriver(curl)
      let context = Unmanaged.passRetained(driver)
      var thread = pthread_t()
      let failure = pthread_create(
        &thread, nil,
        { context in
          guard let context else { return nil }
          Unmanaged<CurlDriver>.fromOpaque(context).takeRetainedValue().run()
          return nil
        }, context.toOpaque())
      guard failure == 0 else {
        context.release()
        return nil
      }
      pthread_detach(thread)
      return driver
    }

    /// Begins an exchange.
    func begin(_ exchange: HTTPExchange) { tell { $0.arrivals.append(exchange) } }

    /// Gives up an exchange and its connection.
    func abandon(_ exchange: HTTPExchange.ID) { tell { $0.departures.append(exchange) } }

    /// Ends the thread and all connections.
    func end() { tell { $0.isEnding = true } }

    private func tell(_ change: (inout Shared) -> Void) {
      shared.withLock { shared in
        change(&shared)
        // Under the lock, so that the handle is not freed meanwhile.
        if let multi = UnsafeMutableRawPointer(bitPattern: shared.multi) { _ = curl.wake(multi) }
      }
    }

    private func run() {
      // TLS writes to connections that the other end may have closed.
      var pipe = sigset_t()
      sigemptyset(&pipe)
      sigaddset(&pipe, SIGPIPE)
      pthread_sigmask(SIG_BLOCK, &pipe, nil)
      let multi = curl.makeMulti()
      defer { if let multi { _ = curl.freeMulti(multi) } }
      shared.withLock { $0.multi = UInt(bitPattern: multi) }
      var transfers: [HTTPExchange.ID: CurlTransfer] = [:]
      while true {
        let (arrivals, departures, isEnding) = shared.withLock { shared in
          defer {
            shared.arrivals = []
            shared.departures = []
            if shared.isEnding { shared.multi = 0 }
          }
          return (shared.arrivals, shared.departures, shared.isEnding)
        }
        for exchange in arrivals {
          guard let multi, let transfer = CurlTransfer(exchange, curl) else {
            exchange.fail(.connection("there is not enough memory"))
            continue
          }
          transfers[exchange.id] = transfer
          _ = curl.add(multi, transfer.handle)
        }
        for id in departures { drop(id, of: &transfers, multi) }
        if isEnding {
          for id in Array(transfers.keys) {
            transfers[id]?.exchange.fail(.connection("the session was ended"))
            drop(id, of: &transfers, multi)
          }
          return
        }
        var running: Int32 = 0
        _ = curl.perform(multi, &running)
        finish(&transfers, multi)
        // Sooner where libcurl has a timer, a connection has something, or it is woken.
        _ = curl.poll(multi, nil, 0, 60_000, nil)
      }
    }

    /// Ends the exchanges that are over.
    private func finish(_ transfers: inout [HTTPExchange.ID: CurlTransfer], _ multi: Curl.Handle?) {
      var over: [(handle: Curl.Handle, code: Int32)] = []
      var left: Int32 = 0
      while let message = curl.nextMessage(multi, &left)?.pointee {
        // CURLMSG_DONE. The message does not outlive what is done to its handle.
        if message.msg == 1, let handle = message.easy_handle {
          over.append((handle, message.data.result))
        }
      }
      for (handle, code) in over {
        guard let transfer = transfers.values.first(where: { $0.handle == handle }) else {
          continue
        }
        transfer.finish(code)
        drop(transfer.exchange.id, of: &transfers, multi)
      }
    }

    private func drop(
      _ id: HTTPExchange.ID, of transfers: inout [HTTPExchange.ID: CurlTransfer],
      _ multi: Curl.Handle?
    ) {
      guard let transfer = transfers.removeValue(forKey: id) else { return }
      _ = curl.remove(multi, transfer.handle)
      transfer.free()
    }
  }
#endif
