import Basis
import HTML
import Intent

/// A manager's team: what is asked of each against the ceiling, never what they practise.
struct TeamModel: Sendable {
    struct Member: Sendable {
        let name: String
        let unit: String
        /// Minutes asked of this month, the most that may be, and what stands beyond it.
        let asked, ceiling, over: Int
        let open, overdue: Int
    }

    /// A certification that somebody of the team has to do or renew.
    struct Certificate: Sendable {
        let person, title: String
        let standing: CertificationStanding
        let dueOn: Day?
    }

    let members: [Member]
    let month: Month
    var certificates: [Certificate] = []
    var told: [CertificatesModel.Told] = []
    var today = Day(number: 0)
}

func teamPage(_ model: TeamModel, in frame: Frame) -> Fragment {
    page("My team", in: frame) {
        "What is asked of each in \(Words.month(model.month)), against what may be asked."
    } content: {
        if model.members.isEmpty {
            emptyState(
                .people, "Nobody reports to you here",
                "Once people name you as their manager, you see how much learning is asked of them.",
                example: "“45 min of 2 h, nothing overdue”.")
        } else {
            let over = model.members.filter { $0.over > 0 }
            if !over.isEmpty {
                notice(.asked) {
                    "\(Words.count(over.count, "person has", "people have")) more asked of them than fits: "
                    Words.list(over.map(\.name))
                    ". Speak to the person who asked for it."
                }
            }
            dataTable(
                "The team and what is asked of them", model.members,
                [
                    Column("Person") { member in
                        person(member.name)
                        if !member.unit.isEmpty { small { member.unit } }
                    },
                    Column("Asked of this month") { member in
                        "\(Words.minutes(member.asked)) of \(Words.minutes(member.ceiling))"
                        bar("Asked of \(member.name)", value: member.asked, of: max(1, member.ceiling))
                    },
                    Column("Open", .number) { Words.count($0.open) },
                    Column("Overdue", .number) { Words.count($0.overdue) },
                    Column("State") { member in
                        if member.over > 0 {
                            badge(.alert("over by \(Words.minutes(member.over))"))
                        } else if member.overdue > 0 {
                            badge(.asked("overdue"))
                        } else {
                            badge(.done("fits"))
                        }
                    },
                ])
            certificates(model, frame)
            p(.class("muted small")) {
                "You see what is asked and whether it is done. What people practise, answer and choose for "
                "themselves is theirs and is not shown to you."
            }
        }
    }
}

/// What of certifications is due in the team, and what the manager was told of it.
private func certificates(_ model: TeamModel, _ frame: Frame) -> Fragment {
    part("Certificates due and late", id: "certificates") {
        if !model.told.isEmpty { noticeList(model.told, back: "/team", model.today, frame) }
        if model.certificates.isEmpty {
            p(.class("muted")) { "Nobody of your team has a certificate to earn or to renew now." }
        } else {
            dataTable(
                "Certificates to earn or renew, the earliest due first", model.certificates,
                [
                    Column("Person") { person($0.person) }, Column("Certification") { $0.title },
                    Column("Stands") { badge($0.standing.badge) },
                    Column("Due by") { one in dayCell(one.dueOn, model.today) },
                ])
        }
    }
}
