use std::collections::BTreeMap;

use clap::{Command, CommandFactory};

use crate::{OWN, compose, read, secrets::Secrets, service, texts};

/// What a service understands.
fn command(name: &str) -> Command {
    match name {
        "users" => setwise_users::Config::command(),
        "training" => setwise_training::Config::command(),
        "files" => setwise_files::Config::command(),
        "router" => setwise_router::Flags::command(),
        "email-consumer" => setwise_email_consumer::Config::command(),
        "web" => setwise_web::Config::command(),
        other => panic!("no service {other}"),
    }
}

fn variables(file: &str) -> BTreeMap<String, String> {
    let lines = file
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let pairs = lines.map(|line| line.split_once('=').unwrap_or_else(|| panic!("{line}")));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The environment that Compose gives to a service, with the secrets of a
/// fresh installation.
pub(crate) fn environment(name: &str, secrets: &Secrets) -> BTreeMap<String, String> {
    let compose = compose();
    let service = service(&compose, name);
    let mut environment = BTreeMap::new();
    for file in texts(&service["env_file"]) {
        environment.extend(variables(&if file.starts_with("deploy/secrets/") {
            std::fs::read_to_string(secrets.path(file)).unwrap()
        } else {
            read(file)
        }));
    }
    for (name, value) in service["environment"].as_object().into_iter().flatten() {
        let default = value.as_str().unwrap().trim_end_matches('}');
        let default = default.split_once(":-").unwrap().1;
        environment.insert(name.clone(), default.to_owned());
    }
    // Where Compose puts the secrets.
    for secret in texts(&service["secrets"]) {
        let file = compose["secrets"][secret]["file"].as_str().unwrap();
        let path = secrets.path(file).display().to_string();
        let inside = format!("/run/secrets/{secret}");
        let user = environment.values_mut().find(|value| **value == inside);
        *user.unwrap_or_else(|| panic!("{name} does not use {secret}")) = path;
    }
    environment
}

#[test]
fn each_service_gets_an_environment_that_it_understands() {
    let secrets = Secrets::make();
    for name in OWN {
        let command = command(name);
        let mut arguments = vec![name.to_owned()];
        for (variable, value) in environment(name, &secrets) {
            let known = command.get_arguments().find(|argument| {
                argument
                    .get_env()
                    .is_some_and(|env| env == variable.as_str())
            });
            let known = known.unwrap_or_else(|| panic!("{name} does not know {variable}"));
            let long = known.get_long().unwrap();
            // A flag takes no value on the command line, unlike in the environment.
            if known.get_action().takes_values() {
                arguments.push(format!("--{long}={value}"));
            } else if value == "true" {
                arguments.push(format!("--{long}"));
            }
        }
        // The environment of this test has no say.
        let command = command.mut_args(|argument| argument.env(None::<&str>));
        if let Err(error) = command.try_get_matches_from(arguments) {
            panic!("{name} does not start: {error}");
        }
    }
}

#[test]
fn traces_of_every_service_go_to_jaeger() {
    let secrets = Secrets::make();
    for name in OWN {
        let environment = environment(name, &secrets);
        assert_eq!(
            environment["OTEL_EXPORTER_OTLP_ENDPOINT"], "http://jaeger:4318",
            "{name}"
        );
    }
}

#[test]
fn mail_is_retried_as_before() {
    let environment = environment("email-consumer", &Secrets::make());
    assert_eq!(environment["EMAIL_RETRIES"], "3");
    assert_eq!(environment["EMAIL_RETRY_FIRST_MS"], "1000");
    assert_eq!(environment["EMAIL_RETRY_FACTOR"], "2");
}
