import Basis
import Testing

@Suite struct TimeTests {
    @Test func `every day of 400 years converts there and back`() throws {
        let first = try #require(Day(year: 1900, month: 1, day: 1))
        var previous = first + -1
        for offset in 0..<146_097 {
            let day = first + offset
            let (year, month, date) = day.civil
            #expect(Day(year: year, month: month, day: date) == day)
            #expect(day > previous)
            previous = day
        }
    }

    /// The weekdays are those of the civil calendar: 1970-01-01 was a Thursday, 2000-02-29 a Tuesday.
    @Test(arguments: [("1970-01-01", 0, 4), ("2000-02-29", 11_016, 2), ("2026-11-23", 20_780, 1)])
    func `known days have known numbers`(text: String, number: Int, weekday: Int) throws {
        let day = try #require(Day(text))
        #expect(day.number == number)
        #expect(day.weekday == weekday)
        #expect(day.description == text)
    }

    @Test(arguments: ["2026-02-29", "2026-13-01", "2026-1-1", "26-01-01", "2026-04-31", "x", "", "2026-00-10"])
    func `what is no day is refused`(text: String) {
        #expect(Day(text) == nil)
    }

    @Test(arguments: [
        ("2026-11-23T20:14:08Z", "2026-11-23T20:14:08.000Z"),
        ("2026-11-23T20:14:08.1234567Z", "2026-11-23T20:14:08.123456Z"),
        ("2026-11-23T20:14:08+02:00", "2026-11-23T18:14:08.000Z"),
        ("2026-11-23T00:14:08.5-0530", "2026-11-23T05:44:08.500Z"),
        ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
        ("2026-11-23T20:14:08", "2026-11-23T20:14:08.000Z"),
    ])
    func `timestamps are read and written`(text: String, normal: String) throws {
        #expect(try #require(Moment(timestamp: text)).timestamp == normal)
    }

    @Test(arguments: [
        "2026-11-23", "2026-11-23T25:00:00Z", "2026-11-23T20:14Z", "2026-11-23T20:14:08-00:00",
        "2026-11-23T20:14:08-00", "2026-11-23T20:14:08-0000", "2026-11-23T20:14:08.Z", "2026-02-30T00:00:00Z",
        "2026-11-23T20:14:08+2:00", "yesterday",
    ])
    func `what is no timestamp is refused`(text: String) {
        #expect(Moment(timestamp: text) == nil)
    }

    @Test func `months follow one another`() throws {
        let month = Month(try #require(Day("2026-12-15")))
        #expect(month.description == "2026-12")
        #expect(month.next.description == "2027-01")
        #expect(month.lastDay.description == "2026-12-31")
        #expect(Month(try #require(Day("2028-02-01"))).lastDay.description == "2028-02-29")
    }

    @Test func `identifiers sort by age and replay`() {
        let (one, two) = (World.replay(seed: 3), World.replay(seed: 3))
        let ids = (0..<100).map { _ in one.id(Person.self) }
        #expect(ids == (0..<100).map { _ in two.id(Person.self) })
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
        #expect(Set(ids).count == 100)
    }
}
