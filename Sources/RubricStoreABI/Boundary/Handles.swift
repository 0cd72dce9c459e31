internal import Synchronization

/// What a handle stands for.
protocol HandleObject: AnyObject, Sendable {
  /// The name of its type in the header, for messages.
  static var handleName: String { get }
}

/// The objects behind the handles of the header.
///
/// A handle is a number that is never used again, so that one that was freed, or is of another kind,
/// is told from one that lives without looking at memory.
enum Handles {
  private struct Table {
    var objects: [UInt: any HandleObject] = [:]
    /// The next number.
    ///
    /// 64 bits do not run out, and the last bit is set, so that no pointer has such a value.
    var next: UInt = 1
  }

  private static let table = Mutex(Table())

  /// Gives an object a handle.
  static func make(_ object: any HandleObject) -> OpaquePointer? {
    let number = table.withLock { table in
      let number = table.next
      table.next += 2
      table.objects[number] = object
      return number
    }
    return OpaquePointer(bitPattern: number)
  }

  /// The object of a handle.
  static func object<Object: HandleObject>(
    _ handle: OpaquePointer?, as type: Object.Type = Object.self
  ) throws(CallError) -> Object {
    let number = UInt(bitPattern: handle)
    guard let object = table.withLock({ $0.objects[number] }) as? Object else {
      throw .handle(handle, Object.handleName)
    }
    return object
  }

  /// Frees a handle; its object goes when the last call that uses it ends.
  static func free<Object: HandleObject>(
    _ handle: OpaquePointer?, as type: Object.Type
  ) throws(CallError) -> Object {
    let object = try object(handle, as: type)
    let number = UInt(bitPattern: handle)
    guard table.withLock({ $0.objects.removeValue(forKey: number) }) != nil else {
      throw .handle(handle, Object.handleName)
    }
    return object
  }
}
