import Basis

/// Names for people who do not exist.
enum DemoNames {
    static let given = [
        "Ada", "Aline", "Amara", "Anton", "Asha", "Ben", "Bianca", "Carla", "Chidi", "Clara", "Dario", "Defne",
        "Elif", "Emil", "Esra", "Fabian", "Farah", "Femke", "Finn", "Greta", "Hanna", "Hugo", "Ida", "Ilse", "Imran",
        "Inga", "Isak", "Ivana", "Jana", "Jonas", "Joris", "Kaito", "Karim", "Katya", "Lara", "Leon", "Lina", "Lucas",
        "Maja", "Malik", "Marek", "Mila", "Mina", "Nadia", "Nils", "Nora", "Olga", "Omar", "Pavel", "Petra", "Priya",
        "Quentin", "Rafael", "Renske", "Rosa", "Sami", "Selma", "Sofia", "Sven", "Tarik", "Tessa", "Thea", "Tomas",
        "Uma", "Vera", "Viktor", "Wanda", "Xenia", "Yara", "Yusuf", "Zofia", "Zoran",
    ]

    static let family = [
        "Adler", "Almeida", "Andersen", "Bakker", "Baran", "Berger", "Bianchi", "Blom", "Castro", "Cerny", "Dahl",
        "Demir", "Dietrich", "Dubois", "Eriksen", "Falk", "Farkas", "Fischer", "Gallo", "Garcia", "Gruber", "Haas",
        "Hansen", "Holm", "Horvat", "Ivanov", "Jansen", "Jensen", "Kaya", "Keller", "Klein", "Koch", "Kowalski",
        "Kruger", "Larsen", "Lehmann", "Lind", "Lopez", "Lund", "Maes", "Marin", "Martins", "Meyer", "Moreau",
        "Novak", "Nowak", "Okafor", "Olsen", "Osei", "Peeters", "Petrov", "Popescu", "Ramos", "Rossi", "Roth",
        "Santos", "Sato", "Schmid", "Silva", "Sorensen", "Steiner", "Svoboda", "Toth", "Varga", "Vidal", "Visser",
        "Vogel", "Wagner", "Weber", "Winter", "Wolf", "Yilmaz", "Zeman", "Ziegler",
    ]

    /// `count` different names.
    static func draw(_ count: Int, _ dice: inout Dice) -> [(given: String, family: String)] {
        var seen: Set<String> = []
        var names: [(given: String, family: String)] = []
        while names.count < count {
            let one = given[Int.random(in: 0..<given.count, using: &dice)]
            let other = family[Int.random(in: 0..<family.count, using: &dice)]
            if seen.insert("\(one) \(other)").inserted { names.append((one, other)) }
        }
        return names
    }
}
