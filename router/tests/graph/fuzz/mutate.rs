use std::{
    hash::{BuildHasher as _, RandomState},
    ops::Range,
};

/// What seeds are mixed with: what means something to a parser.
const TOKENS: [&str; 40] = [
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "!",
    "$",
    "@",
    "...",
    "\"",
    "\"\"\"",
    "\\",
    "\\u",
    "#",
    ",",
    " on ",
    "null",
    "true",
    "-",
    "0",
    "1e999",
    "99999999999999999999",
    "-0.0",
    "query ",
    "mutation ",
    "subscription ",
    "fragment ",
    "@skip(if: $b)",
    "@include(if: true)",
    "@defer",
    "__typename",
    "__schema",
    "_entities",
    "\u{0}",
    "\u{feff}",
    "💪",
    "id ",
    "\"id\":",
];

/// Inputs longer than this are cut: most of what breaks is short.
const MAX_BYTES: usize = 4_000;

/// Makes inputs from seeds, each seed itself first.
pub(super) struct Mutator {
    seeds: Vec<Vec<u8>>,
    made: usize,
    state: u64,
}

impl Mutator {
    pub(super) fn new(seeds: Vec<Vec<u8>>) -> Self {
        assert!(!seeds.is_empty(), "a target needs seeds");
        Self {
            seeds,
            made: 0,
            state: RandomState::new().hash_one(0) | 1,
        }
    }

    pub(super) fn next(&mut self) -> Vec<u8> {
        self.made += 1;
        if let Some(seed) = self.seeds.get(self.made - 1) {
            return seed.clone();
        }
        let seed = self.below(self.seeds.len());
        let mut input = self.seeds[seed].clone();
        for _ in 0..=self.below(6) {
            self.mutate(&mut input);
        }
        input.truncate(MAX_BYTES);
        input
    }

    fn mutate(&mut self, input: &mut Vec<u8>) {
        let range = self.range(input.len());
        match self.below(6) {
            0 => drop(input.drain(range)),
            1 => {
                let copy = input[range.clone()].to_vec();
                let times = 1 + self.below(4);
                input.splice(range.start..range.start, copy.repeat(times));
            }
            2 => {
                let other = self.below(self.seeds.len());
                let other = self.seeds[other].clone();
                let part = self.range(other.len());
                input.splice(range, other[part].iter().copied());
            }
            3 => {
                let bit = 1 << self.below(8);
                if let Some(byte) = input.get_mut(range.start) {
                    *byte ^= bit;
                }
            }
            4 => {
                let token = TOKENS[self.below(TOKENS.len())];
                input.splice(range, token.bytes());
            }
            _ => {
                let token = TOKENS[self.below(TOKENS.len())];
                input.splice(range.start..range.start, token.bytes());
            }
        }
    }

    /// A stretch of a text of `length` bytes, most often a short one.
    fn range(&mut self, length: usize) -> Range<usize> {
        let start = self.below(length + 1);
        let longest = if self.below(4) == 0 { length } else { 12 };
        let end = start + self.below(longest + 1);
        start..end.min(length)
    }

    /// Below `bound`, which is not 0 (xorshift).
    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state % bound as u64).unwrap()
    }
}
