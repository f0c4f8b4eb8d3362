import Basis
import HTML

/// A day that programs can read too.
func time(_ day: Day, today: Day? = nil) -> Fragment {
    HTML.time(.init("datetime", "\(day)")) { Words.day(day, today: today) }
}

/// A moment in UTC that programs can read too.
func time(_ moment: Moment) -> Fragment {
    HTML.time(.init("datetime", moment.timestamp)) { Words.moment(moment) }
}

/// Minutes as `3 h 20 min`, in tabular figures.
func minutes(_ minutes: Int) -> Fragment { span(.class("number")) { Words.minutes(minutes) } }
