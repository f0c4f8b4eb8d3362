public import Basis

/// What a password must be. Pure.
///
/// - Source: NIST SP 800-63B, section 5.1.1.2: length and a list of the commonest, no rules about kinds of character.
public enum PasswordRules {
    /// In characters.
    public static let shortest = 10
    /// In UTF-8 bytes.
    public static let byteLimit = 256

    /// - Throws: `Problem` (`password-weak`) with one sentence that says what to change.
    public static func check(_ password: String, name: String, email: String?) throws(Problem) {
        if let refusal = refusal(of: password, name: name, email: email) {
            throw Problem(.invalid, "password-weak", refusal, at: ["/password"])
        }
    }

    static func refusal(of password: String, name: String, email: String?) -> String? {
        if password.utf8.count > byteLimit { return "The password is longer than \(byteLimit) bytes. Shorten it." }
        if password.count < shortest {
            return "The password has \(password.count) characters. Use \(shortest) or more, such as a few words."
        }
        let plain = folded(password)
        let own = [folded(name), folded(email ?? ""), folded(String((email ?? "").prefix { $0 != "@" }))]
        let bare = plain.filter { $0.isLetter || $0.isNumber }
        if own.contains(where: { !$0.isEmpty && ($0 == plain || $0.filter { $0.isLetter || $0.isNumber } == bare) }) {
            return "The password is the name or the e-mail address. Choose another."
        }
        let core = String(plain.trimmingSuffix { $0.isNumber || $0.isPunctuation || $0.isSymbol })
        if common.contains(plain) || (core.count >= 4 && common.contains(core)) || Set(plain).count < 4 {
            return "The password is among the commonest, which are tried first. Choose another."
        }
        return nil
    }

    /// The commonest passwords of ten characters and more, and the words that are made longer with a few digits.
    private static let common: Set<String> = Set(
        """
        password passwort motdepasse contrasena passw0rd p@ssword p@ssw0rd welcome willkommen bienvenue letmein admin
        administrator changeme qwerty qwertz azerty qwertyui qwertyuiop qwertzuiop azertyuiop asdfghjkl asdfghjklo
        zxcvbnm iloveyou iloveyouu sunshine princess football baseball basketball dragon monkey superman batman master
        shadow michael jennifer summer winter spring autumn sommer secret geheim hello hallo freedom whatever trustno
        starwars computer internet samsung google leeway learning training company login access default temporary
        1234567890 12345678910 123456789a 0123456789 9876543210 0987654321 1122334455 1234512345 123123123123
        1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx3edc q1w2e3r4t5 q1w2e3r4t5y6 abcdefghij abcdefghijk abcd123456 abc1234567
        abc123456789 a123456789 qwerty123456 qwertyuiop123 qwe123qwe123 asdf1234asdf passwordpassword
        password1234567890 mypassword newpassword yourpassword letmeinnow correcthorsebatterystaple
        """.split { $0.isWhitespace }.map(String.init))
}

extension String {
    fileprivate func trimmingSuffix(_ isTrimmed: (Character) -> Bool) -> Substring {
        var text = self[...]
        while let last = text.last, isTrimmed(last) { text = text.dropLast() }
        return text
    }
}
