/// How much of a thing people made, as its maker states it.
public enum Origin: String, CaseIterable, Sendable {
    /// Made by people without a generating model.
    case human
    /// Made by people with the help of a generating model, or the reverse.
    case assisted
    /// Made by a generating model.
    case generated
    /// Nobody stated it.
    case unknown

    /// Such as “AI-assisted”: the same words on every page.
    public var label: String {
        switch self {
        case .human: "Human-made"
        case .assisted: "AI-assisted"
        case .generated: "AI-generated"
        case .unknown: "Provenance unknown"
        }
    }

    /// Reads the words that files use: `human-made`, `ai-assisted`, `ai-generated`, `unknown`, and our own raw values.
    public init?(word: String) {
        switch word.lowercased() {
        case "human", "human-made": self = .human
        case "assisted", "ai-assisted": self = .assisted
        case "generated", "ai-generated": self = .generated
        case "unknown": self = .unknown
        default: return nil
        }
    }

    /// What an IPTC digital source type says about a model's share; nil for a term that says nothing of it.
    ///
    /// - Source: IPTC NewsCodes, Digital Source Type, cv.iptc.org/newscodes/digitalsourcetype.
    public init?(digitalSourceType iri: String) {
        guard let term = Origin.term(of: iri) else { return nil }
        switch term {
        case "trainedAlgorithmicMedia", "trainedAlgorithmicData": self = .generated
        case "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic": self = .assisted
        case "digitalCapture", "negativeFilm", "positiveFilm", "print", "humanEdits", "minorHumanEdits",
            "digitalArt", "digitalCreation", "computationalCapture", "compositeCapture":
            self = .human
        default: return nil
        }
    }

    /// The term after the scheme's address; nil for an IRI of another scheme.
    public static func term(of iri: String) -> Substring? {
        for start in ["http://", "https://"] {
            let scheme = start + "cv.iptc.org/newscodes/digitalsourcetype/"
            if iri.hasPrefix(scheme), iri.count > scheme.count { return iri.dropFirst(scheme.count) }
        }
        return nil
    }
}

/// Who or what made a thing, never guessed: nothing stated is `unknown`.
public struct Provenance: Hashable, Sendable {
    public var origin: Origin
    /// An IRI of the IPTC digital source types, where stated.
    public var digitalSourceType: String?
    /// The generating model, where stated.
    public var model: String?
    /// Who reviewed it, where stated.
    public var reviewer: String?
    /// When it was reviewed, where stated.
    public var reviewed: Day?

    public init(
        _ origin: Origin = .unknown, digitalSourceType: String? = nil, model: String? = nil,
        reviewer: String? = nil, reviewed: Day? = nil
    ) {
        self.origin = origin
        self.digitalSourceType = digitalSourceType
        self.model = model
        self.reviewer = reviewer
        self.reviewed = reviewed
    }

    public static let unknown = Provenance()
}

/// How much a thing asks of the learner.
public enum Level: String, CaseIterable, Sendable {
    case beginner, intermediate, advanced
    /// Of items only: a framework with four levels calls its last one so.
    case highlyAdvanced = "highly advanced"

    /// Such as “Beginner”.
    public var label: String {
        switch self {
        case .beginner: "Beginner"
        case .intermediate: "Intermediate"
        case .advanced: "Advanced"
        case .highlyAdvanced: "Highly advanced"
        }
    }
}
