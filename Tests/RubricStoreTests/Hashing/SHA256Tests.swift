import RubricStore
import Testing

@Suite struct SHA256Tests {
  /// The examples of FIPS 180-2, appendix B, and the digest of nothing.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ]) func published(_ text: String, _ digest: String) {
    #expect(SHA256.hex(text.utf8) == digest)
  }

  @Test func aMillionLetters() {
    #expect(
      SHA256.hex(repeatElement(UInt8(ascii: "a"), count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  /// All lengths around the ends of blocks: the digest of the 201 digests, as Python's hashlib has it.
  @Test func everyLength() {
    let digests = (0...200).map { length in SHA256.hex((0..<length).map { UInt8($0 % 251) }) }
    #expect(digests[55] == "463eb28e72f82e0a96c0a4cc53690c571281131f672aa229e0d45ae59b598b59")
    #expect(digests[64] == "fdeab9acf3710362bd2658cdc9a29e8f9c757fcf9811603a8c447cd1d9151108")
    #expect(
      SHA256.hex(digests.joined().utf8)
        == "b367ea311264aae50e6260b96a10761169ce3eec5d5f8f2258351f82c7252776")
  }
}
