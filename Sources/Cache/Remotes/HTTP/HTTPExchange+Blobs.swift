import LocalStore

extension BlobReader: HTTPBody {}

extension BlobSink: HTTPSink {}
