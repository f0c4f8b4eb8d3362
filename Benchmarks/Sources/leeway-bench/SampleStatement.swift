/// Statements of about 1,000 bytes, the same at every run: 1,000 learners, 12 verbs, 500 activities in 25 courses.
enum SampleStatement {
    /// A small generator of numbers that repeat (SplitMix64, Steele and others 2014).
    struct Dice {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var word = state
            word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
            word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
            return word ^ (word >> 31)
        }

        mutating func next(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
    }

    static func agent(_ number: Int) -> String {
        #"{"objectType":"Agent","account":{"homePage":"https://people.example.org","name":"learner-\#(number)"}}"#
    }
    static func verb(_ number: Int) -> String { "https://verbs.example.org/\(words[number])" }
    static func activity(_ number: Int) -> String { "https://learn.example.org/activity/\(number)" }
    static func course(_ number: Int) -> String { "https://learn.example.org/course/\(number)" }

    private static let words = [
        "answered", "attempted", "attended", "commented", "completed", "experienced", "failed", "launched", "passed",
        "progressed", "shared", "suspended",
    ]

    static func write(_ number: Int, into bytes: inout [UInt8]) {
        var dice = Dice(state: UInt64(number) &* 0xD134_2543_DE82_EF95)
        let (learner, verb, activity) = (dice.next(1_000), dice.next(12), dice.next(500))
        let text = """
            {"id":"\(uuid(&dice))","actor":{"objectType":"Agent","name":"Learner Number \(learner)","account":\
            {"homePage":"https://people.example.org","name":"learner-\(learner)"}},"verb":{"id":"\(self.verb(verb))",\
            "display":{"en-US":"\(words[verb])"}},"object":{"objectType":"Activity","id":"\(self.activity(activity))",\
            "definition":{"type":"http://adlnet.gov/expapi/activities/lesson","name":{"en-US":"Activity \(activity)"},\
            "description":{"en-US":"What there is to learn in activity \(activity) of course \(activity / 20)."}}},\
            "result":{"score":{"scaled":0.\(10 + dice.next(90)),"raw":\(dice.next(100)),"min":0,"max":100},\
            "success":\(dice.next(2) == 1),"completion":true,"duration":"PT\(1 + dice.next(900))S"},\
            "context":{"registration":"\(uuid(&dice))","platform":"Bench","language":"en-US","contextActivities":\
            {"parent":[{"objectType":"Activity","id":"\(course(activity / 20))"}]},"extensions":\
            {"https://ext.example.org/session":"\(dice.next())","https://ext.example.org/device":"desktop",\
            "https://ext.example.org/attempt":\(1 + dice.next(4))}},\
            "timestamp":"2026-0\(1 + dice.next(9))-1\(dice.next(9))T1\(dice.next(9)):2\(dice.next(9)):3\(dice.next(9)).\
            \(100 + dice.next(900))Z"}
            """
        bytes.append(contentsOf: text.utf8)
    }

    private static func uuid(_ dice: inout Dice) -> String {
        var digits = Array(hex(dice.next()) + hex(dice.next()))
        digits[12] = "4"
        digits[16] = "a"
        return "\(String(digits[0..<8]))-\(String(digits[8..<12]))-\(String(digits[12..<16]))-"
            + "\(String(digits[16..<20]))-\(String(digits[20..<32]))"
    }

    private static func hex(_ word: UInt64) -> String {
        let text = String(word, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
