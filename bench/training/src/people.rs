//! Whom the load asks for.

use crate::token::Issuer;

#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) token: String,
    pub(crate) exercise: String,
    pub(crate) workout: String,
    pub(crate) log: String,
}

/// Reads what `people.sql` wrote.
pub(crate) fn read(path: &str, issuer: &Issuer) -> anyhow::Result<Vec<Person>> {
    let text = std::fs::read_to_string(path)?;
    let people = text.lines().map(|line| {
        let columns: Vec<_> = line.split('\t').collect();
        let [user, exercise, workout, log] = columns[..] else {
            anyhow::bail!("four columns wanted: {line}");
        };
        Ok(Person {
            token: issuer.token(user),
            exercise: exercise.to_owned(),
            workout: workout.to_owned(),
            log: log.to_owned(),
        })
    });
    people.collect()
}
