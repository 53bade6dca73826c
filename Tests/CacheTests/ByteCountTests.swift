import Canon
import Testing

/// Numbers of bytes as people read and write them.
@Suite struct ByteCountTests {
    @Test(arguments: [
        (0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1234, "1.23 kB"), (28_339, "28.3 kB"),
        (312_837, "313 kB"), (217_300_992, "217 MB"), (200_000_000, "200 MB"),
        (8_796_093_022_208_000, "8796 TB"),
    ])
    func `bytes are told in three digits and a unit`(bytes: Int, text: String) {
        #expect(ByteCount.text(bytes) == text)
    }

    @Test(arguments: [
        ("200MB", 200_000_000), ("1 GiB", 1 << 30), ("12", 12), ("1.5GB", nil), ("-1", nil),
    ])
    func `what people write is read, or refused`(text: String, bytes: Int?) {
        #expect(ByteCount.read(text) == bytes)
    }
}
