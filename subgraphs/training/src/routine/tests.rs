mod editing;
mod lifecycle;
mod ownership;

const ROUTINE: &str = "query($id: ID!) { routine(id: $id) { name description exerciseCount user { id }
    exerciseInstances { id position exercise { id } sets { position type reps weightKg timeSeconds } } } }";
