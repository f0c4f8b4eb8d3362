extension Classification {
    /// One yes-or-no question of the intake. Its raw value is kept and never changes its meaning.
    public enum Question: String, CaseIterable, Hashable, Sendable {
        // Article 5: what stops it.
        case manipulation, vulnerability, scoring, emotion, biometry, crime, faces, identification, otherProhibited
        // Annex III, point 3: learning.
        case admission, outcomes, level, cheating
        // Annex III, point 4: work.
        case recruitment, career, monitoring
        // Article 6(3).
        case narrow, improving, deviations, preparing, profiling
        // Article 50.
        case conversing, generating, publishing, recognising
    }
}

extension Classification.Question {
    typealias Question = Classification.Question

    /// Article 5(1), and what was added to it.
    public static let prohibited: [Classification.Question] = [
        .manipulation, .vulnerability, .scoring, .emotion, .biometry, .crime, .faces, .identification,
        .otherProhibited,
    ]
    /// Annex III, points 3 and 4.
    public static let areas: [Classification.Question] = [
        .admission, .outcomes, .level, .cheating, .recruitment, .career, .monitoring,
    ]
    /// The conditions of Article 6(3).
    public static let exceptions: [Classification.Question] = [.narrow, .improving, .deviations, .preparing]
    /// Article 50.
    public static let transparency: [Classification.Question] = [
        .conversing, .generating, .publishing, .recognising,
    ]

    var isException: Bool { Question.exceptions.contains(self) }

    /// Where the law says it.
    public var provision: String {
        switch self {
        case .manipulation: "Article 5(1)(a)"
        case .vulnerability: "Article 5(1)(b)"
        case .scoring: "Article 5(1)(c)"
        case .crime: "Article 5(1)(d)"
        case .faces: "Article 5(1)(e)"
        case .emotion: "Article 5(1)(f)"
        case .biometry: "Article 5(1)(g)"
        case .identification: "Article 5(1)(h)"
        case .otherProhibited: "Article 5"
        case .admission: "Annex III, point 3(a)"
        case .outcomes: "Annex III, point 3(b)"
        case .level: "Annex III, point 3(c)"
        case .cheating: "Annex III, point 3(d)"
        case .recruitment: "Annex III, point 4(a)"
        case .career, .monitoring: "Annex III, point 4(b)"
        case .narrow: "Article 6(3)(a)"
        case .improving: "Article 6(3)(b)"
        case .deviations: "Article 6(3)(c)"
        case .preparing: "Article 6(3)(d)"
        case .profiling: "Article 6(3)"
        case .conversing: "Article 50(1)"
        case .generating: "Article 50(2)"
        case .recognising: "Article 50(3)"
        case .publishing: "Article 50(4)"
        }
    }

    /// The question, to be answered with yes or no.
    public var sentence: String {
        switch self {
        case .manipulation: "Does it influence people unawares, or deceive them, so that they may be harmed?"
        case .vulnerability: "Does it exploit age, disability or hardship, so that people may be harmed?"
        case .scoring: "Does it score people by their behaviour or character, with unjustified disadvantages elsewhere?"
        case .emotion: "Does it infer emotions of people at work or in learning, other than for safety or health?"
        case .biometry: "Does it sort people by biometric data into race, opinions, beliefs or sexual orientation?"
        case .crime: "Does it predict from a person's profile alone whether they will commit a crime?"
        case .faces: "Does it build a database of faces from pictures taken off the internet or cameras?"
        case .identification: "Does it identify people at a distance, in real time, in public, to enforce the law?"
        case .otherProhibited: "Is it another practice of Article 5, such as those added for 2 December 2026?"
        case .admission: "Does it decide, or help to decide, who is admitted or assigned to training?"
        case .outcomes: "Does it evaluate what people learned, also where that steers what they learn next?"
        case .level: "Does it assess which level of training a person may receive or reach?"
        case .cheating: "Does it watch for prohibited behaviour during tests?"
        case .recruitment: "Does it find, filter or evaluate applicants for work?"
        case .career: "Does it help to decide about work, promotion or dismissal, or give out tasks by behaviour?"
        case .monitoring: "Does it watch or evaluate how people perform or behave at work?"
        case .narrow: "Is its task narrow and procedural, such as sorting or converting files?"
        case .improving: "Does it only improve the result of something that a person has completed?"
        case .deviations:
            "Does it only find deviations from earlier decisions, without replacing or influencing them unreviewed?"
        case .preparing: "Does it only prepare an assessment that a person makes?"
        case .profiling: "Does it evaluate personal aspects of people by automated means, such as what they can do?"
        case .conversing: "Do people talk or write with it directly?"
        case .generating: "Does it make text, pictures, sound or film?"
        case .publishing: "Is what it makes shown as real, or published on matters of public interest without review?"
        case .recognising: "Does it recognise emotions or sort people by biometric data, where that is allowed?"
        }
    }

    /// Why a yes counts.
    var reason: Classification.Reason {
        let words =
            switch self {
            case .manipulation: "It influences people below their awareness or deceives them."
            case .vulnerability: "It exploits people's vulnerability."
            case .scoring: "It scores people by behaviour or character."
            case .emotion: "It infers emotions of people at work or in learning."
            case .biometry: "It sorts people by biometric data into sensitive groups."
            case .crime: "It predicts crimes from a person's profile."
            case .faces: "It gathers faces without aim."
            case .identification: "It identifies people at a distance in public."
            case .otherProhibited: "It is another practice that Article 5 prohibits."
            case .admission: "It helps to decide who is admitted or assigned to training."
            case .outcomes: "It evaluates what people learned."
            case .level: "It assesses the level of training for a person."
            case .cheating: "It watches for prohibited behaviour during tests."
            case .recruitment: "It finds, filters or evaluates applicants."
            case .career: "It helps to decide about a person's work or gives out tasks by behaviour."
            case .monitoring: "It watches or evaluates people at work."
            case .narrow: "Its task is narrow and procedural."
            case .improving: "It only improves what a person completed."
            case .deviations: "It only finds deviations from earlier decisions."
            case .preparing: "It only prepares an assessment that a person makes."
            case .profiling: "It profiles persons."
            case .conversing: "People converse with it."
            case .generating: "It makes content."
            case .publishing: "What it makes is shown as real or published without review."
            case .recognising: "It recognises emotions or biometric groups."
            }
        return Classification.Reason(provision: provision, sentence: words)
    }

    /// What Article 50 asks for it.
    var duty: Classification.Reason {
        let words =
            switch self {
            case .conversing: "Tell people that they deal with AI, from the first moment."
            case .generating: "See to it that the provider marks what it makes so that machines can read it."
            case .publishing: "Say that it was made by AI, or have a person review it and answer for it."
            case .recognising: "Tell the people whom it looks at."
            default: "Tell the people whom it touches."
            }
        return Classification.Reason(provision: provision, sentence: words)
    }
}
