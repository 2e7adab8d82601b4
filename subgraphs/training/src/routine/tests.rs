mod editing;
mod lifecycle;
mod order;
mod ownership;
mod pasts;
mod planning;
mod progressing;
mod sharing;

const ROUTINE: &str = "query($id: ID!) { routine(id: $id) { name description exerciseCount user { id }
    exerciseInstances { id position exercise { id } sets { position type reps weightKg timeSeconds } } } }";
