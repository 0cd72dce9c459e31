internal import CRubricStore
internal import RubricStore
internal import RubricStoreABI
import Testing

@Suite("The library behind the header")
struct LibraryTests {
  @Test func theVersionsAreThoseOfTheHeaderAndTheLibrary() {
    #expect(rs_abi_version() == RS_ABI_VERSION)
    #expect(rs_abi_check(RS_ABI_VERSION) == RS_OK)
    #expect(rs_abi_check(RS_ABI_VERSION + 1) == RS_ERR_ABI)
    #expect(String(cString: rs_error_message()).contains("version 2"))
    #expect(String(cString: rs_library_version()) == LibraryVersion.current)
  }
}
