import CCurl
import Glibc
import System

/// The functions of libcurl, found when the first remote is reached by HTTP.
@safe struct CurlLibrary {
    typealias Pointer = UnsafeMutableRawPointer

    /// Numbers of curl.h; an option's thousands tell its type.
    enum Option {
        static let (url, range, httpHeader, customRequest): (CInt, CInt, CInt, CInt) = (
            10002, 10007, 10023, 10036
        )
        static let (writeData, readData, headerData, errorText): (CInt, CInt, CInt, CInt) = (
            10001, 10009, 10029, 10010
        )
        static let (writeFunction, readFunction, headerFunction): (CInt, CInt, CInt) = (
            20011, 20012, 20079
        )
        static let (noBody, upload, netrc, follow, noSignal): (CInt, CInt, CInt, CInt, CInt) = (
            44, 46, 51, 52, 99
        )
        static let (lowSpeedLimit, lowSpeedTime, timeout, connectTimeout):
            (CInt, CInt, CInt, CInt) =
                (19, 20, 155, 156)
        static let (authentication, protocols, bufferSize, uploadBufferSize):
            (
                CInt, CInt, CInt, CInt
            ) = (107, 181, 98, 280)
        static let (netrcFile, user, password, authorities, agent): (CInt, CInt, CInt, CInt, CInt) =
            (10118, 10173, 10174, 10065, 10018)
        static let (uploadSize, noProxy, freshConnection): (CInt, CInt, CInt) = (30115, 10177, 74)
        static let (post, fieldsSize, copiedFields): (CInt, CInt, CInt) = (47, 60, 10165)
        /// Of the multi interface: how many connections to one host.
        static let hostConnections: CInt = 7
        /// Of curl_easy_getinfo.
        static let (status, redirect): (CInt, CInt) = (0x200002, 0x10001F)
    }

    let variadic: bitlaw_curl_variadic
    let variadicMulti: bitlaw_curl_variadic
    let information: bitlaw_curl_variadic
    let makeEasy: @convention(c) () -> Pointer?
    let removeEasy: @convention(c) (Pointer?) -> Void
    let text: @convention(c) (CInt) -> UnsafePointer<CChar>?
    let appendLine: @convention(c) (Pointer?, UnsafePointer<CChar>?) -> Pointer?
    let removeLines: @convention(c) (Pointer?) -> Void
    let makeMulti: @convention(c) () -> Pointer?
    let add: @convention(c) (Pointer?, Pointer?) -> CInt
    let remove: @convention(c) (Pointer?, Pointer?) -> CInt
    let perform: @convention(c) (Pointer?, UnsafeMutablePointer<CInt>?) -> CInt
    let poll:
        @convention(c) (Pointer?, Pointer?, CUnsignedInt, CInt, UnsafeMutablePointer<CInt>?) ->
            CInt
    let message:
        @convention(c) (Pointer?, UnsafeMutablePointer<CInt>?) -> UnsafeMutablePointer<
            bitlaw_curl_message
        >?
    let removeMulti: @convention(c) (Pointer?) -> CInt

    /// Opens the library.
    ///
    /// - Throws: ``OperationalError`` `remote` where it is not installed.
    init() throws(OperationalError) {
        func missing(_ what: String) -> OperationalError {
            OperationalError(
                code: .remote, message: "\(what): remotes are reached by HTTP through libcurl",
                remedy: "apt-get install libcurl4   (the package curl brings it along)")
        }
        guard let library = unsafe dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL) else {
            throw missing("libcurl.so.4 is not installed")
        }
        func find<Function>(_ name: String, _ type: Function.Type) throws(OperationalError)
            -> Function
        {
            guard let symbol = unsafe dlsym(library, name) else {
                throw missing("libcurl.so.4 has no \(name)")
            }
            return unsafe unsafeBitCast(symbol, to: type)
        }
        let begin = try find("curl_global_init", (@convention(c) (CLong) -> CInt).self)
        guard begin(3) == 0 else { throw missing("libcurl does not start") }
        unsafe variadic = try unsafe find("curl_easy_setopt", bitlaw_curl_variadic.self)
        unsafe variadicMulti = try unsafe find("curl_multi_setopt", bitlaw_curl_variadic.self)
        unsafe information = try unsafe find("curl_easy_getinfo", bitlaw_curl_variadic.self)
        unsafe makeEasy = try find("curl_easy_init", (@convention(c) () -> Pointer?).self)
        unsafe removeEasy = try find("curl_easy_cleanup", (@convention(c) (Pointer?) -> Void).self)
        unsafe text = try find(
            "curl_easy_strerror", (@convention(c) (CInt) -> UnsafePointer<CChar>?).self)
        unsafe appendLine = try find(
            "curl_slist_append",
            (@convention(c) (Pointer?, UnsafePointer<CChar>?) -> Pointer?).self)
        unsafe removeLines = try find(
            "curl_slist_free_all", (@convention(c) (Pointer?) -> Void).self)
        unsafe makeMulti = try find("curl_multi_init", (@convention(c) () -> Pointer?).self)
        unsafe add = try find(
            "curl_multi_add_handle", (@convention(c) (Pointer?, Pointer?) -> CInt).self)
        unsafe remove = try find(
            "curl_multi_remove_handle", (@convention(c) (Pointer?, Pointer?) -> CInt).self)
        unsafe perform = try find(
            "curl_multi_perform",
            (@convention(c) (Pointer?, UnsafeMutablePointer<CInt>?) -> CInt).self)
        unsafe poll = try find(
            "curl_multi_poll",
            (@convention(c) (
                Pointer?, Pointer?, CUnsignedInt, CInt, UnsafeMutablePointer<CInt>?
            ) -> CInt).self)
        unsafe message = try find(
            "curl_multi_info_read",
            (@convention(c) (Pointer?, UnsafeMutablePointer<CInt>?) -> UnsafeMutablePointer<
                bitlaw_curl_message
            >?).self)
        unsafe removeMulti = try find(
            "curl_multi_cleanup", (@convention(c) (Pointer?) -> CInt).self)
    }
}
