//! What a person wrote, in English or Russian, as far as the planner can use it.

use std::collections::BTreeSet;

use crate::{
    exercise::{Equipment, catalogue::Movement},
    generation::GenerationSettings,
};

/// What the settings and the prompt say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// Muscle groups, by slug, that must not be loaded.
    pub(super) avoided: BTreeSet<&'static str>,
    pub(super) avoided_movements: Vec<Movement>,
    /// Muscle groups, by slug, that today is about; empty: no wish.
    pub(super) focus: BTreeSet<&'static str>,
    /// The only equipment there is; empty: everything.
    pub(super) only_equipment: Vec<Equipment>,
    pub(super) avoided_equipment: Vec<Equipment>,
    pub(super) minutes: Option<i16>,
}

/// A part of the body: how words for it begin, what it is, and what loads it when it hurts.
struct BodyPart {
    stems: &'static [&'static str],
    muscles: &'static [&'static str],
    /// Muscle groups that are spared when it hurts, besides the movements.
    spared: &'static [&'static str],
    movements: &'static [Movement],
}

const BODY: &[BodyPart] = &[
    BodyPart {
        stems: &["knee", "menisc", "acl", "колен", "мениск"],
        muscles: &["quadriceps"],
        spared: &["quadriceps"],
        movements: &[
            Movement::Squat,
            Movement::Lunge,
            Movement::KneeExtension,
            Movement::KneeFlexion,
            Movement::OlympicLift,
            Movement::Jump,
            Movement::Conditioning,
        ],
    },
    BodyPart {
        stems: &[
            "lower back",
            "low back",
            "lumbar",
            "herni",
            "disc ",
            "spine",
            "sciatic",
            "поясниц",
            "грыж",
            "позвоноч",
            "радикул",
        ],
        muscles: &["lower-back"],
        spared: &["lower-back"],
        movements: &[
            Movement::Hinge,
            Movement::OlympicLift,
            Movement::Throw,
            Movement::TrunkExtension,
            Movement::TrunkRotation,
            Movement::Carry,
        ],
    },
    BodyPart {
        stems: &["shoulder", "rotator", "delt", "плеч", "дельт"],
        muscles: &["front-delts", "side-delts", "rear-delts"],
        spared: &["front-delts", "side-delts", "rear-delts", "rotator-cuff"],
        movements: &[
            Movement::VerticalPush,
            Movement::OlympicLift,
            Movement::Throw,
            Movement::ShoulderRaise,
            Movement::ChestFly,
        ],
    },
    BodyPart {
        stems: &["elbow", "локт", "локот"],
        muscles: &["biceps", "triceps"],
        spared: &["biceps", "triceps", "forearms"],
        movements: &[
            Movement::ElbowFlexion,
            Movement::ElbowExtension,
            Movement::OlympicLift,
            Movement::VerticalPull,
        ],
    },
    BodyPart {
        stems: &["wrist", "carpal", "запяст", "кисть", "кисти"],
        muscles: &["forearms"],
        spared: &["forearms"],
        movements: &[
            Movement::Grip,
            Movement::HorizontalPush,
            Movement::OlympicLift,
            Movement::Carry,
        ],
    },
    BodyPart {
        stems: &[
            "ankle",
            "achill",
            "foot",
            "feet",
            "голеностоп",
            "лодыж",
            "ахилл",
            "стоп",
        ],
        muscles: &["calves"],
        spared: &["calves"],
        movements: &[
            Movement::CalfRaise,
            Movement::ShinRaise,
            Movement::Lunge,
            Movement::OlympicLift,
            Movement::Jump,
            Movement::Conditioning,
        ],
    },
    BodyPart {
        stems: &["hip joint", "hip pain", "hips", "groin", "тазобедр", "пах"],
        muscles: &["adductors", "abductors", "glutes"],
        spared: &["adductors", "abductors", "hip-flexors"],
        movements: &[
            Movement::Lunge,
            Movement::OlympicLift,
            Movement::Jump,
            Movement::HipFlexion,
            Movement::HipAdduction,
            Movement::HipAbduction,
            Movement::Squat,
        ],
    },
    BodyPart {
        stems: &["neck", "шея", "шеи", "шею", "шей"],
        muscles: &["traps"],
        spared: &["traps", "neck"],
        movements: &[
            Movement::Neck,
            Movement::Shrug,
            Movement::VerticalPush,
            Movement::OlympicLift,
        ],
    },
    muscle(&["chest", "pec", "груд"], &["chest"]),
    muscle(
        &["upper back", "rhomboid", "верх спины", "ромбовид"],
        &["upper-back"],
    ),
    muscle(&["lats", "latissimus", "широчайш"], &["lats"]),
    muscle(&["trap", "трапец"], &["traps"]),
    muscle(&["biceps", "bicep", "бицепс"], &["biceps"]),
    muscle(&["triceps", "tricep", "трицепс"], &["triceps"]),
    muscle(&["forearm", "предплеч"], &["forearms"]),
    muscle(
        &["arms", "руки", "рук "],
        &["biceps", "triceps", "forearms"],
    ),
    muscle(
        &[
            "abs",
            "core",
            "stomach",
            "belly",
            "abdom",
            "пресс",
            "живот",
            "кор ",
        ],
        &["abs", "obliques"],
    ),
    muscle(&["oblique", "косы"], &["obliques"]),
    muscle(&["glute", "butt", "ягодиц", "попа", "попу"], &["glutes"]),
    muscle(&["quad", "thigh", "квадрицепс", "бедр"], &["quadriceps"]),
    muscle(
        &[
            "hamstring",
            "бицепс бедра",
            "задняя поверхность",
            "задней поверхности",
        ],
        &["hamstrings"],
    ),
    muscle(&["calf", "calves", "икр", "голен"], &["calves"]),
    muscle(&["adductor", "inner thigh", "приводящ"], &["adductors"]),
    muscle(&["abductor", "отводящ"], &["abductors"]),
    muscle(
        &["leg", "lower body", "ног", "низ тела"],
        &["quadriceps", "hamstrings", "glutes", "calves"],
    ),
    muscle(
        &["upper body", "верх тела"],
        &[
            "chest",
            "upper-back",
            "lats",
            "front-delts",
            "side-delts",
            "biceps",
            "triceps",
        ],
    ),
    muscle(&["back", "спин"], &["upper-back", "lats"]),
];

const fn muscle(stems: &'static [&'static str], muscles: &'static [&'static str]) -> BodyPart {
    BodyPart {
        stems,
        muscles,
        spared: muscles,
        movements: &[],
    }
}

const EQUIPMENT: &[(&[&str], Equipment)] = &[
    (&["barbell", "штанг"], Equipment::Barbell),
    (&["dumbbell", "гантел"], Equipment::Dumbbell),
    (&["kettlebell", "гир"], Equipment::Kettlebell),
    (&["cable", "pulley", "блок", "кроссовер"], Equipment::Cable),
    (&["smith", "смит"], Equipment::SmithMachine),
    (&["machine", "тренаж"], Equipment::Machine),
    (&["band", "резин", "лент", "эспандер"], Equipment::Band),
    (
        &["bodyweight", "body weight", "собственным вес", "своим вес"],
        Equipment::Bodyweight,
    ),
];

/// Words that make of a body part something to spare.
const PAIN: &[&str] = &[
    "hurt",
    "pain",
    "sore",
    "ache",
    "aching",
    "injur",
    "avoid",
    "without",
    "skip",
    "spare",
    "no ",
    "not ",
    "don't",
    "bad ",
    "surgery",
    "torn",
    "боль",
    "болит",
    "болят",
    "травм",
    "без ",
    "избег",
    "не ",
    "нельзя",
    "береж",
    "беречь",
    "ноет",
    "операц",
    "растяж",
    "разрыв",
];

const AT_HOME: &[&str] = &[
    "at home",
    "no equipment",
    "without equipment",
    "bodyweight",
    "дома",
    "без оборудования",
    "без инвентаря",
    "собственным вес",
    "своим вес",
];
const ONLY: &[&str] = &["only", "just ", "только", "лишь"];

impl Words {
    /// Reads the standing wishes and those of today. All that `injuries` names is spared; elsewhere it takes a word such
    /// as "hurts" in the same clause.
    pub(super) fn read(settings: &GenerationSettings, prompt: &str) -> Self {
        let mut words = Self::default();
        for clause in clauses(&settings.injuries) {
            words.spare(&clause);
        }
        for text in [&settings.base_prompt, prompt] {
            for clause in clauses(text) {
                words.wish(&clause);
            }
        }
        words.focus = &words.focus - &words.avoided;
        words
    }

    fn spare(&mut self, clause: &str) {
        for part in parts(clause) {
            self.avoided.extend(part.spared);
            for movement in part.movements {
                if !self.avoided_movements.contains(movement) {
                    self.avoided_movements.push(*movement);
                }
            }
        }
    }

    fn wish(&mut self, clause: &str) {
        self.minutes = minutes(clause).or(self.minutes);
        let equipment = equipment(clause);
        let at_home = has_any(clause, AT_HOME);
        if at_home || (has_any(clause, ONLY) && !equipment.is_empty()) {
            self.only_equipment.extend(&equipment);
            self.only_equipment.push(Equipment::Bodyweight);
            if at_home {
                self.only_equipment.push(Equipment::Band);
            }
        } else if has_any(clause, PAIN) {
            self.avoided_equipment.extend(equipment);
            self.spare(clause);
        }
        if !has_any(clause, PAIN) {
            self.focus
                .extend(parts(clause).into_iter().flat_map(|part| part.muscles));
        }
    }
}

/// The clauses of a text in lower case, each with a space around it so that stems can ask for a word's end.
fn clauses(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace('ё', "е").replace('’', "'");
    text.split(['.', ',', ';', '!', '?', '\n', '(', ')'])
        .flat_map(|part| part.split(" but "))
        .flat_map(|part| part.split(" но "))
        .filter(|part| !part.trim().is_empty())
        .map(|part| format!(" {} ", part.trim()))
        .collect()
}

/// The parts of the body that a clause names. The longer name wins: the lower back is not the back, nor are forearms arms.
fn parts(clause: &str) -> Vec<&'static BodyPart> {
    let mut stems: Vec<_> = BODY
        .iter()
        .flat_map(|part| part.stems.iter().map(move |stem| (*stem, part)))
        .collect();
    stems.sort_by_key(|(stem, _)| std::cmp::Reverse(stem.len()));
    let mut rest = clause.to_owned();
    let mut found = Vec::new();
    for (stem, part) in stems {
        // A stem begins a word.
        let word = format!(" {stem}");
        if rest.contains(&word) {
            rest = rest.replace(&word, " ·");
            found.push(part);
        }
    }
    found
}

fn equipment(clause: &str) -> Vec<Equipment> {
    let named = EQUIPMENT.iter().filter(|(stems, _)| has_any(clause, stems));
    named.map(|(_, equipment)| *equipment).collect()
}

fn has_any(clause: &str, stems: &[&str]) -> bool {
    stems
        .iter()
        .any(|stem| clause.contains(&format!(" {stem}")))
}

/// A number before a word for minutes, or hours; kept within what settings allow.
fn minutes(clause: &str) -> Option<i16> {
    let words: Vec<&str> = clause
        .split([' ', '-', '~'])
        .filter(|word| !word.is_empty())
        .collect();
    words.windows(2).find_map(|pair| {
        let number = pair[0].parse::<i16>().ok()?;
        let unit = pair[1];
        if unit.starts_with("min") || unit.starts_with("мин") {
            Some(number.clamp(10, 240))
        } else if unit.starts_with("hour") || unit.starts_with("час") {
            Some(number.clamp(1, 4) * 60)
        } else {
            None
        }
    })
}
