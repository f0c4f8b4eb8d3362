extension Words {
    /// The English name of a language, such as `German`; with its place where there is one, such as
    /// `Portuguese (BR)`. An unknown tag stays as it is.
    ///
    /// - Source: BCP 47 tags; the names of ISO 639-1.
    static func language(_ tag: String) -> String {
        let parts = tag.split(separator: "-", maxSplits: 1)
        guard let name = parts.first.flatMap({ languages[$0.lowercased()] }) else { return tag }
        return parts.count > 1 ? "\(name) (\(parts[1]))" : name
    }

    private static let languages = [
        "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
        "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish",
        "fr": "French", "ga": "Irish", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian",
        "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian",
        "mt": "Maltese", "nb": "Norwegian Bokmål", "nl": "Dutch", "nn": "Norwegian Nynorsk", "no": "Norwegian",
        "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
        "sr": "Serbian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
    ]
}
