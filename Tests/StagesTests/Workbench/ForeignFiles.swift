import Canon

/// Files that other programs wrote, as Base64; each made once, outside of this code.
enum ForeignFiles {
    /// Python's `gzip.compress` of `x,y`, `1,4`, `10,3`, `100,2.5`.
    static let gzip = bytes(
        "H4sIAAAAAAACA6vQqeQy1DHhMjTQMQYSBjpGeqZcAI4brDQVAAAA")

    /// The same in two members, as `cat a.gz b.gz` gives.
    static let gzipTwice = bytes(
        "H4sIAAAAAAACA6vQqeQy1DHhAgCleChWCAAAAB+LCAAAAAAAAgMzNNAx5jI0MNAx0jPlAgDoqYSQDQAAAA==")

    /// The same with the name of a file in its header.
    static let gzipNamed = bytes(
        "H4sICAAAAAAC/3BvaW50cy5jc3YAq9Cp5DLUMeEyNNAxBhIGOkZ6plwAjhusNBUAAAA=")

    /// Sixty rows, `i` and `2 + 3 / (i + 1)` with three digits: codes of their own (type 2).
    static let gzipLong = bytes(
        "H4sIAAAAAAACAx3RS7LlIAwD0LnWkrqFPzLJzrp3/2SNJCCcAvLv+Y/z8HfOQTz1ozKVO64nf5cHrRyNqdz1UXZ+uMq6"
            + "xLtZhW9znaOStxCxRULklgrEmhmNWDT341XjfRHLxh3EujEXsXBQS5+LTrZydCFXjhpkumhp5Ugi20UzlkMzliOQls9F"
            + "Wj5yLO9dVz7fRYVLo9IlUCsfnbDaZVB0KdS46JuVz/1Qr4ucz4Voy3qNtnwDbfnqYS3Pi7asK7fl0S7L02jLk2jLo+2W"
            + "R//DMj/Qsh6KlnlByxzQMglaZoOWWaBlJmiZAVrWO/8BoIPdzhYCAAA=")

    /// The first again, by the program `zstd` 1.5.4.
    static let zstd = bytes(
        "KLUv/QRYqQAAeCx5CjEsNAoxMCwzCjEwMCwyLjUK4dfvVQ==")

    /// A zip archive with `[Content_Types].xml`, by Python's `zipfile`.
    static let workbook = bytes(
        "UEsDBBQAAAAAAMqSfF3HHBc8CAAAAAgAAAATAAAAW0NvbnRlbnRfVHlwZXNdLnhtbDxUeXBlcy8+UEsBAhQDFAAAAAAA"
            + "ypJ8XcccFzwIAAAACAAAABMAAAAAAAAAAAAAAIABAAAAAFtDb250ZW50X1R5cGVzXS54bWxQSwUGAAAAAAEAAQBBAAAA"
            + "OQAAAAAA")

    /// Events made by hand from the published formats; `EventFileLoader` of tensorboard 2.21.0 reads them alike.
    ///
    /// Scalars, one of them NaN, tensors of float, double and int64, a vector that is no scalar, and a
    /// value that a later one replaces.
    static let events = bytes(
        "GAAAAAAAAACjf0siCQAAAAAAQI9AGg1icmFpbi5FdmVudDoyc65rViAAAAAAAAAAKe2pUAkAAAAAAEyPQBABKhMKEQoK"
            + "dHJhaW4vbG9zcxUAACBAYND3eR4AAAAAAAAA2dwSMgkAAAAAAFSPQBABKhEKDwoIdmFsL2xvc3MVAAAwQBKkw4YgAAAA"
            + "AAAAACntqVAJAAAAAABcj0AQAioTChEKCnRyYWluL2xvc3MVAADAf6KPv2AlAAAAAAAAAOq8NvMJAAAAAABkj0AQAioY"
            + "ChYKCHZhbC9sb3NzQgoIARIAIgQAABBAD0x3uCQAAAAAAAAAQiuATQkAAAAAAGyPQBADKhcKFQoDYWNjQg4IAhIAMggA"
            + "AAAAAADAP9zuPPAfAAAAAAAAAFFLRBgJAAAAAAB0j0AQAyoSChAKBWNvdW50QgcICRIAUgEHGickUSsAAAAAAAAAhhvD"
            + "SwkAAAAAAHyPQBADKh4KHAoGdmVjdG9yQhIIARIEEgIIAiIIAACAPwAAAEBPVhwZIAAAAAAAAAAp7alQCQAAAAAAhI9A"
            + "EAIqEwoRCgp0cmFpbi9sb3NzFQAAAEC/qIPa")

    /// Three scalars `loss` as tensorboardX 2.6.5 writes them.
    static let written = bytes(
        "GAAAAAAAAACjf0siCSw3cffGwtpBGg1icmFpbi5FdmVudDoyCyT2vBgAAAAAAAAAo39LIgkAAABA/FTZQSoNCgsKBGxv"
            + "c3MVAAAgQI76OLoaAAAAAAAAABKb2C0JAABAQPxU2UEQZCoNCgsKBGxvc3MVAACgP29Nq5kbAAAAAAAAABoNnhMJAACA"
            + "QPxU2UEQyAEqDQoLCgRsb3NzFVVVVT9BeVe6")

    private static func bytes(_ text: String) -> [UInt8] { Base64.decode(text) ?? [] }
}
