import Canon
import System
import TestSupport
import Testing
import Trust

@Suite struct SignatureTests {
    /// RFC 8032, section 7.1, tests 1, 2 and 3: seed, public key, message, signature.
    @Test(arguments: [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
                + "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
                + "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290"
                + "ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ])
    func `keys and signatures match the vectors of RFC 8032`(
        seed: String, publicKey: String, message: String, signature: String
    ) throws {
        let secret = try #require(hexBytes(seed))
        let key = try #require(SigningKey(seed: secret))
        let message = try #require(hexBytes(message))
        let expected = try #require(hexBytes(signature))
        #expect(key.verifyingKey.hex == publicKey)
        #expect(hexText(key.sign(message)) == signature)
        #expect(key.verifyingKey.verifies(expected, of: message))
    }

    @Test func `a signature that differs in any one bit does not verify`() {
        let key = SigningKey()
        let message = Array("the law of the spiral".utf8)
        let signature = key.sign(message)
        for bit in 0..<512 {
            var other = signature
            other[bit / 8] ^= 1 << (bit % 8)
            #expect(!key.verifyingKey.verifies(other, of: message))
        }
        #expect(!key.verifyingKey.verifies(signature, of: message + [0]))
        #expect(!key.verifyingKey.verifies(signature + [0], of: message))
        #expect(!SigningKey().verifyingKey.verifies(signature, of: message))
    }

    @Test func `two new keys differ`() {
        #expect(SigningKey().verifyingKey != SigningKey().verifyingKey)
    }

    @Test func `a key survives its file, which only its owner may read`() throws {
        let folder = TemporaryFolder()
        let key = SigningKey()
        try key.write(to: "\(folder.path)/alice.key")
        #expect(folder.run("test \"$(stat -c %a alice.key)\" = 600") == 0)
        let read = try SigningKey(fileAt: "\(folder.path)/alice.key")
        #expect(read.verifyingKey == key.verifyingKey)
        #expect(try VerifyingKey(fileAt: "\(folder.path)/alice.key.pub") == key.verifyingKey)
        #expect(
            try VerifyingKey(text: key.verifyingKey.hex + "\n", origin: "x") == key.verifyingKey)
        #expect(throws: OperationalError.self) { try key.write(to: "\(folder.path)/alice.key") }
        folder.run("chmod 640 alice.key")
        let error = #expect(throws: OperationalError.self) {
            try SigningKey(fileAt: "\(folder.path)/alice.key")
        }
        #expect(
            error?.message
                == "\(folder.path)/alice.key: expected a private key that only its owner may read "
                + "(mode 600), found mode 640")
    }

    @Test func `openssl reads our keys and verifies our signatures`() throws {
        let folder = TemporaryFolder()
        guard folder.run("command -v openssl >/dev/null") == 0 else {
            skip("no openssl program, so its keys were not compared with ours")
            return
        }
        let key = SigningKey()
        try key.write(to: "\(folder.path)/k")
        folder.write("message", Array("hello".utf8))
        folder.write("signature", key.sign(Array("hello".utf8)))
        #expect(
            folder.run(
                "openssl pkeyutl -verify -rawin -pubin -inkey k.pub -in message "
                    + "-sigfile signature >/dev/null 2>&1") == 0)
        #expect(folder.run("openssl pkey -in k -pubout 2>/dev/null | cmp -s - k.pub") == 0)
        folder.run("openssl genpkey -algorithm ed25519 -out other 2>/dev/null; chmod 600 other")
        folder.run("openssl pkey -in other -pubout -out other.pub")
        #expect(
            try SigningKey(fileAt: "\(folder.path)/other").verifyingKey
                == VerifyingKey(fileAt: "\(folder.path)/other.pub"))
    }

    @Test(arguments: ["", "abcd", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
    func `a text that is no key is refused without showing it`(text: String) throws {
        let error = #expect(throws: OperationalError.self) {
            try SigningKey(text: text, origin: "f")
        }
        #expect(error?.code == .malformed)
        #expect(error?.message.contains("AAAA") == false)
    }

    /// RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func `base64 matches the published vectors`(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
    }

    @Test(arguments: ["Zg=", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm 9", "Zm9v\n"])
    func `base64 that the encoder does not write is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
