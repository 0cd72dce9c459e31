#if Networking
  internal import CLibCurl

  /// libcurl, loaded when it is first needed.
  ///
  /// URLSession on Linux, which is made of it too, ends the program when a server closes the
  /// connection in the middle of the header, and never ends after a 401 that asks for a password
  /// (Swift 6.3.1).
  struct Curl: Sendable {
    typealias Handle = UnsafeMutableRawPointer
    typealias List = UnsafeMutableRawPointer
    typealias Message = UnsafeMutablePointer<rubricstore_curl_message>

    let makeHandle: @convention(c) @Sendable () -> Handle?
    let freeHandle: @convention(c) @Sendable (Handle?) -> Void
    let append: @convention(c) @Sendable (List?, UnsafePointer<CChar>?) -> List?
    let freeList: @convention(c) @Sendable (List?) -> Void
    let makeMulti: @convention(c) @Sendable () -> Handle?
    let add: @convention(c) @Sendable (Handle?, Handle?) -> Int32
    let remove: @convention(c) @Sendable (Handle?, Handle?) -> Int32
    let perform: @convention(c) @Sendable (Handle?, UnsafeMutablePointer<Int32>?) -> Int32
    let poll:
      @convention(c) @Sendable (
        Handle?, UnsafeMutableRawPointer?, UInt32, Int32, UnsafeMutablePointer<Int32>?
      ) -> Int32
    let wake: @convention(c) @Sendable (Handle?) -> Int32
    let nextMessage: @convention(c) @Sendable (Handle?, UnsafeMutablePointer<Int32>?) -> Message?
    let freeMulti: @convention(c) @Sendable (Handle?) -> Int32
    private let explain: @convention(c) @Sendable (Int32) -> UnsafePointer<CChar>?
    /// Addresses, since the functions take any number of arguments.
    private let setOption: UInt

    /// The library; nil where there is none, or one from before 2020.
    static let loaded: Curl? = {
      for name in ["libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib"] {
        guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else { continue }
        if let curl = Curl(library) { return curl }
      }
      return nil
    }()

    private init?(_ library: UnsafeMutableRawPointer) {
      func function<Function>(_ name: String, _: Function.Type = Function.self) -> Function? {
        // A function of C is as large as its address.
        dlsym(library, name).map { unsafeBitCast($0, to: Function.self) }
      }
      guard
        let begin = function(
          "curl_global_init", (@convention(c) (Int) -> Int32).self),
        let makeHandle: @convention(c) @Sendable () -> Handle? = function("curl_easy_init"),
        let freeHandle: @convention(c) @Sendable (Handle?) -> Void = function("curl_easy_cleanup"),
        let append: @convention(c) @Sendable (List?, UnsafePointer<CChar>?) -> List? = function(
          "curl_slist_append"),
        let freeList: @convention(c) @Sendable (List?) -> Void = function("curl_slist_free_all"),
        let makeMulti: @convention(c) @Sendable () -> Handle? = function("curl_multi_init"),
        let add: @convention(c) @Sendable (Handle?, Handle?) -> Int32 = function(
          "curl_multi_add_handle"),
        let remove: @convention(c) @Sendable (Handle?, Handle?) -> Int32 = function(
          "curl_multi_remove_handle"),
        let perform: @convention(c) @Sendable (Handle?, UnsafeMutablePointer<Int32>?) -> Int32 =
          function("curl_multi_perform"),
        let poll:
          @convention(c) @Sendable (
            Handle?, UnsafeMutableRawPointer?, UInt32, Int32, UnsafeMutablePointer<Int32>?
          ) -> Int32 = function("curl_multi_poll"),
        let wake: @convention(c) @Sendable (Handle?) -> Int32 = function("curl_multi_wakeup"),
        let nextMessage:
          @convention(c) @Sendable (Handle?, UnsafeMutablePointer<Int32>?) -> Message? = function(
            "curl_multi_info_read"),
        let freeMulti: @convention(c) @Sendable (Handle?) -> Int32 = function("curl_multi_cleanup"),
        let explain: @convention(c) @Sendable (Int32) -> UnsafePointer<CChar>? = function(
          "curl_easy_strerror"),
        let setOption = dlsym(library, "curl_easy_setopt"),
        // CURL_GLOBAL_ALL
        begin(3) == 0
      else { return nil }
      self.makeHandle = makeHandle
      self.freeHandle = freeHandle
      self.append = append
      self.freeList = freeList
      self.makeMulti = makeMulti
      self.add = add
      self.remove = remove
      self.perform = perform
      self.poll = poll
      self.wake = wake
      self.nextMessage = nextMessage
      self.freeMulti = freeMulti
      self.explain = explain
      self.setOption = UInt(bitPattern: setOption)
    }

    private var setter: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: setOption) }

    /// Sets an option to a number.
    func set(_ handle: Handle, _ option: Option, _ value: Int) {
      _ = rubricstore_curl_set_number(setter, handle, option.rawValue, value)
    }

    /// Sets an option to an address, which must last as long as the handle unless libcurl copies.
    func set(_ handle: Handle, _ option: Option, _ value: UnsafeRawPointer?) {
      _ = rubricstore_curl_set_pointer(setter, handle, option.rawValue, value)
    }

    /// Sets an option to a function.
    func set(_ handle: Handle, _ option: Option, _ value: rubricstore_curl_receiver) {
      _ = rubricstore_curl_set_receiver(setter, handle, option.rawValue, value)
    }

    /// What an error means.
    func words(_ code: Int32) -> String { explain(code).map { String(cString: $0) } ?? "\(code)" }

    /// Options, by libcurl's numbers: 10,000 and more take an address, 20,000 and more a function.
    enum Option: Int32 {
      case post = 47
      case noSignal = 99
      case protocols = 181
      case keepAlive = 213
      case withoutProxyHeaders = 265
      case writeContext = 10_001
      case url = 10_002
      case errorText = 10_010
      case headerList = 10_023
      case headerContext = 10_029
      case authorities = 10_065
      case acceptedEncodings = 10_102
      case copiedBody = 10_165
      case withoutProxy = 10_177
      case write = 20_011
      case header = 20_079
      case bodySize = 30_120
    }
  }
#endif
